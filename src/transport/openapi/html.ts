/** Text for HTML, in an element or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The Markdown that comments are written in: paragraphs, lists of one line each, and code. */
export function markdownToHtml(text: string): string {
  return text
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '')
    .map((block) => (block.startsWith('- ') ? list(block) : `<p>${inline(block)}</p>`))
    .join('\n');
}

/** A paragraph's text. */
export function inline(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function list(block: string): string {
  const items = block.split('\n').map((line) => `<li>${inline(line.replace(/^- /, ''))}</li>`);
  return `<ul>${items.join('')}</ul>`;
}
