// Reads Mermaid files with the real Mermaid and prints what it understood, one fact a line:
// tab-separated, with `⏎` for a line break in a label.
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<body></body>');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });

// Mermaid keeps entities in a form of its own until it draws.
function label(text = '') {
  const html = text.replaceAll('ﬂ°°', '&#').replaceAll('ﬂ°', '&').replaceAll('¶ß', ';');
  const area = window.document.createElement('textarea');
  area.innerHTML = html.replace(/<br ?\/?>/g, '⏎');
  return area.value.replaceAll('\u2060', '');
}

for (const file of process.argv.slice(2)) {
  const source = readFileSync(file, 'utf8');
  try {
    const { diagramType } = await mermaid.parse(source);
    console.log(['type', diagramType].join('\t'));
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(source);
    console.log(['title', db.getAccTitle()].join('\t'));
    console.log(['description', db.getAccDescription()].join('\t'));
    const groups = db.getSubGraphs();
    const regions = new Set(groups.map((group) => group.id));
    for (const [id, vertex] of db.getVertices()) {
      if (!regions.has(id)) console.log(['vertex', id, label(vertex.text), vertex.type ?? ''].join('\t'));
    }
    for (const group of groups) {
      console.log(['region', group.id, label(group.title), group.nodes.toSorted().join(' ')].join('\t'));
    }
    for (const edge of db.getEdges()) {
      console.log(['edge', edge.start, edge.end, edge.stroke, label(edge.text)].join('\t'));
    }
  } catch (error) {
    console.log(['error', String(error?.message ?? error).replaceAll('\n', ' ')].join('\t'));
    process.exitCode = 1;
  }
}
