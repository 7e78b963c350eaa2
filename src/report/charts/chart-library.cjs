// One CommonJS file, so that chartjs-node-canvas and the annotation plugin get the same instance of Chart.js: each
// would otherwise bring its own, and a plugin's elements registered in one are unknown to the other.
module.exports = {
  ChartJSNodeCanvas: require('chartjs-node-canvas').ChartJSNodeCanvas,
  annotation: require('chartjs-plugin-annotation'),
  canvas: require('@napi-rs/canvas'),
}
