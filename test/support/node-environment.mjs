// Node's environment of Jest, with the float arrays of the process: native modules (ONNX Runtime) make and expect those, not Jest's own copies.
import { TestEnvironment } from 'jest-environment-node';

export default class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.Float32Array = Float32Array;
    this.global.Float64Array = Float64Array;
  }
}
