/** A comment of the contract: what stands in backticks is code. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split('`')
        .map((part, place) =>
          place % 2 === 1 ? <code key={`${place} ${part}`}>{part}</code> : part,
        )}
    </>
  );
}
