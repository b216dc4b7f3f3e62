export function makeGround(): void;
