// One CommonJS file, so that chartjs-node-canvas and the annotation plugin get the same instance of Chart.js: each
// would otherwise bring its own, and a plugin's elements registered in one are unknown to the other.
const { ChartJSNodeCanvas } = require('chartjs-node-canvas')

/**
 * Its own calls know neither WebP quality nor the encoder's thread pool: at quality 72 a still is half the size of
 * what `renderToBufferSync` gives, and encoding leaves the main thread free.
 */
class StillCanvas extends ChartJSNodeCanvas {
  async renderWebp(configuration, quality) {
    const chart = this.renderChart(configuration)
    try {
      return await chart.canvas.encode('webp', quality)
    } finally {
      chart.destroy()
    }
  }
}

module.exports = {
  StillCanvas,
  annotation: require('chartjs-plugin-annotation'),
  canvas: require('@napi-rs/canvas'),
}
