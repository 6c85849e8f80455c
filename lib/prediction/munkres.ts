export { munkres } from "npm:munkres@2.0.4";
