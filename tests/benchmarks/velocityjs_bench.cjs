// velocityjs_bench.cjs FOLDER TEMPLATE CONTEXT.json N: microseconds a render, warm, best of five rounds, as JSON.
const { createRequire } = require("module");
const { readFileSync } = require("fs");
const [folder, templateFile, contextFile, n] = process.argv.slice(2);
const { Compile, parse } = createRequire(folder + "/")("velocityjs");

const nodes = parse(readFileSync(templateFile, "utf8"));
const context = JSON.parse(readFileSync(contextFile, "utf8"));
const render = () => new Compile(nodes).render(context, {});
let best = Infinity;
for (let round = 0; round < 8; round++) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < Number(n); i++) render();
  const us = Number(process.hrtime.bigint() - start) / 1000 / Number(n);
  if (round > 2) best = Math.min(best, us);
}
console.log(JSON.stringify({ us: best, output: render() }));
