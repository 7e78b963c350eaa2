/** Column heads and captions of tables. */
import type { Sentence } from '../model/sentence.ts'

export const TABLE_WORDS = {
  time: { en: 'Time', zh: '时间' },
  until: { en: 'Until', zh: '截至' },
  kind: { en: 'Kind', zh: '类别' },
  change: { en: 'Change', zh: '变化' },
  age: { en: 'Age', zh: '存在时间' },
  traced: { en: 'Moved by calls', zh: '调用所移动' },
  unexplained: { en: 'Unexplained', zh: '未解释' },
  absent: { en: 'Predicted, not found', zh: '预测但未见' },
  agreement: { en: 'Agreement', zh: '一致程度' },
  mapping: { en: 'Mapping', zh: '映射' },
  size: { en: 'Size', zh: '大小' },
  grown: { en: 'Grown', zh: '增长' },
} as const satisfies Record<string, Sentence>
