/** How large a picture of the documentation may be: who clones the project gets each that there ever was. */
export const MOST_PICTURE_BYTES = 300_000;

/** The picture with the most rows, at most `rows`, that is small enough. @throws Error where it is too large with a single row. */
export async function smallEnough(rows, take) {
  for (let left = rows; left > 0; left--) {
    const picture = await take(left);
    if (picture.length < MOST_PICTURE_BYTES) return { picture, rows: left };
  }
  throw new Error(`The picture is larger than ${MOST_PICTURE_BYTES} bytes with a single row.`);
}
