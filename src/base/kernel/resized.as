/** The same bytes in a place with room for `bytes`, which may be another one; a new place for 0. */
export function resized(place: usize, bytes: usize): usize {
  return place == 0 ? heap.alloc(bytes) : heap.realloc(place, bytes)
}
