import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { startLanguage } from "./lib/say.svelte";
import { startTheme } from "./lib/theme.svelte";

startTheme();
const target = document.getElementById("app");
void startLanguage().finally(() => {
  if (target) mount(App, { target });
});
