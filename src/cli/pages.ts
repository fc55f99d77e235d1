/** A page as the service answers it. */
interface Page {
  readonly nextPageToken: string;
}

/** The largest page that the service gives. */
export const pageSize = 1_000;

/** All items of a list, page after page, at most `limit`. */
export async function allPages<P extends Page, T>(
  fetchPage: (pageToken: string) => Promise<P>,
  itemsOf: (page: P) => readonly T[],
  limit = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  let pageToken = '';
  do {
    const page = await fetchPage(pageToken);
    items.push(...itemsOf(page));
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && items.length < limit);
  return items.slice(0, limit);
}
