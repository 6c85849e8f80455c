import typescript from "npm:typescript@5.9.3";

export { typescript };
