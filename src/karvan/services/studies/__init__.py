"""Studies of the planner: asked in typed terms, answered with tables and a manifest."""
