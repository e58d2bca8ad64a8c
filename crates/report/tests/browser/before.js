// Runs before everything on a page that is tested: what goes wrong is kept.
window.probe = { errors: [], blocked: [] };
window.addEventListener("error", (event) => window.probe.errors.push(String(event.message)));
window.addEventListener("unhandledrejection", (event) => window.probe.errors.push(String(event.reason)));
document.addEventListener("securitypolicyviolation", (event) => window.probe.blocked.push(`${event.violatedDirective} ${event.blockedURI}`));
for (const kind of ["error", "warn"]) {
  const own = console[kind].bind(console);
  console[kind] = (...words) => {
    window.probe.errors.push(words.map(String).join(" "));
    own(...words);
  };
}
