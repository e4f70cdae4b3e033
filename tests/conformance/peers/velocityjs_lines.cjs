// Case lines in, result lines out, by velocityjs; its folder is the first argument.
const { createRequire } = require("module");
const { createInterface } = require("readline");
const { render } = createRequire(process.argv[2] + "/")("velocityjs");

// velocityjs leaves loading to its caller: this is the form that its documentation shows.
function loaders(templates) {
  const text = (name) => {
    if (!(name in templates)) throw new Error("no template " + name);
    return templates[name];
  };
  return {
    parse(name) { return this.eval(text(name)); },
    include(...names) { return names.map(text).join(""); },
  };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const one = JSON.parse(line);
  let result;
  try {
    result = { id: one.id, output: String(render(one.template, one.context, loaders(one.templates || {}))) };
  } catch (error) {
    result = { id: one.id, error: String(error) };
  }
  console.log(JSON.stringify(result));
});
