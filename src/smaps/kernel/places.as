// Where things lie in the memory of the block kernel, in order: layout, what a batch holds, digits, hash table, texts,
// columns, inputs. Whoever changes a place must keep them apart.

export const ROWS: i32 = 1024
export const SLOTS: i32 = 96

// Layout of a block, written by the caller.
export const TEMPLATE: i32 = 0x1000 // 8 KiB at most
export const TEMPLATE_BYTES: i32 = 0x2000
export const MASK: i32 = 0x3000 // 0xff where the text is fixed
export const SLOT_AT: i32 = 0x5000 // i32 each
export const SLOT_WIDTH: i32 = 0x5200
export const SLOT_FACTOR: i32 = 0x5400 // f64 each

/** u8 a slot, written here: any value of the batch that is not 0; else its column holds anything. */
export const NONZERO: i32 = 0x5800

// Values of hexadecimal digits by their bytes, 255 for all others.
export const HEX: i32 = 0x6000

// Interned texts.
export const SLOT_TABLE: i32 = 0x8000 // 8192 x i32: entry + 1
export const TABLE_SLOTS: i32 = 8192
export const ENTRY_HASH: i32 = 0x10000 // 4096 x u32
export const ENTRY_AT: i32 = 0x14000
export const ENTRY_LENGTH: i32 = 0x18000
export const MOST_ENTRIES: i32 = 4096
export const POOL: i32 = 0x1c000 // up to the columns
export const POOL_END: i32 = 0x40000

// Columns.
const COLUMNS: i32 = 0x40000
/** From one column of doubles to the next: a cache line more than they take, or a row's numbers would all want one place of the cache. */
export const STRIDE: i32 = ROWS * 8 + 64
export const START: i32 = COLUMNS
export const END: i32 = START + STRIDE
export const OFFSET: i32 = END + STRIDE
export const INODE: i32 = OFFSET + STRIDE
export const NAME: i32 = INODE + STRIDE
export const DEVICE: i32 = NAME + ROWS * 4
export const FLAGS: i32 = DEVICE + ROWS * 4
export const PERMISSIONS: i32 = FLAGS + ROWS * 4
export const VALUES: i32 = PERMISSIONS + ROWS
export const TEXT_AT: i32 = VALUES + SLOTS * STRIDE // i32 each: the text of the row
export const TEXT_BYTES: i32 = TEXT_AT + ROWS * 4
/** In front of an input: for the beginning of a mapping whose end comes with the text that is read to the input next. */
export const IN_FRONT: i32 = 0x1000
export const IN: i32 = 0x110000 // begins with a page; the other input stands IN_BYTES and IN_FRONT behind it
export const IN_BYTES: i32 = 0x100000
