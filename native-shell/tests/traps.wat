;; A module that does on request what the core must never do: what the runtime's tests are made with.
(module
  (memory (export "memory") 1 1)
  (func (export "load") (param $address i32) (result i32) (i32.load (local.get $address)))
  (func (export "loadFar") (param $address i32) (result i32) (i32.load offset=4294967295 (local.get $address)))
  (func (export "store") (param $address i32) (param $value i32) (i32.store (local.get $address) (local.get $value)))
  (func (export "storeVector") (param $address i32) (v128.store (local.get $address) (v128.const i32x4 1 2 3 4)))
  (func (export "fill") (param $address i32) (param $count i32) (memory.fill (local.get $address) (i32.const 1) (local.get $count)))
  (func (export "divide") (param $a i32) (param $b i32) (result i32) (i32.div_s (local.get $a) (local.get $b)))
  (func (export "truncate") (param $value f32) (result i32) (i32.trunc_f32_s (local.get $value)))
  (func (export "stop") (unreachable)))
