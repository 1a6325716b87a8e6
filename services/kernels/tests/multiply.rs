//! The kernels compute the same up to rounding, and those that were asked for are those that compute.
#![expect(unsafe_code, reason = "llama.cpp is called")]
#![expect(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

use std::{
    ffi::{CStr, c_void},
    ptr,
};

use kernels::Kernels;
use llama_cpp_sys_2 as llama;

/// A row of weights, rows of weights, and as many columns as answers, guesses and prompts make.
const WIDTH: usize = 512;
const ROWS: usize = 96;
const COLUMNS: [usize; 4] = [1, 3, 8, 64];
/// All that files of models are usually quantized to.
const TYPES: [llama::ggml_type; 14] = [
    llama::GGML_TYPE_F32,
    llama::GGML_TYPE_F16,
    llama::GGML_TYPE_BF16,
    llama::GGML_TYPE_Q4_0,
    llama::GGML_TYPE_Q4_1,
    llama::GGML_TYPE_Q5_0,
    llama::GGML_TYPE_Q5_1,
    llama::GGML_TYPE_Q8_0,
    llama::GGML_TYPE_Q2_K,
    llama::GGML_TYPE_Q3_K,
    llama::GGML_TYPE_Q4_K,
    llama::GGML_TYPE_Q5_K,
    llama::GGML_TYPE_Q6_K,
    llama::GGML_TYPE_IQ4_NL,
];

/// A product, by what it was made of.
#[derive(Debug)]
struct Product {
    kind: llama::ggml_type,
    columns: usize,
    /// How the weights lie in memory: as in the file, or in an order that suits the kernels.
    layout: String,
    values: Vec<f32>,
}

#[test]
fn kernels_agree() {
    let expected = products();
    assert!(!features().contains(&"AVX512".to_owned()), "baseline: {:?}", features());
    // SAFETY: nothing else uses llama.cpp in this process, and no model was loaded.
    let installed = unsafe { kernels::install(Kernels::Avx512) };
    if installed != Kernels::Avx512 {
        eprintln!("this processor has no AVX-512: nothing to compare");
        return;
    }
    assert!(features().contains(&"AVX512".to_owned()) && features().contains(&"AVX512_VNNI".to_owned()), "{:?}", features());
    let found = products();
    assert!(expected.len() >= TYPES.len() * COLUMNS.len());
    for product in &expected {
        let same = |other: &&Product| (other.kind, other.columns) == (product.kind, product.columns);
        for other in found.iter().filter(same) {
            let off = distance(&product.values, &other.values);
            assert!(off < 2e-3, "type {} by {}: {} and {} differ by {off}", product.kind, product.columns, product.layout, other.layout);
        }
        assert!(found.iter().filter(same).count() > 0);
    }
    let layouts = |products: &[Product]| products.iter().filter(|product| product.layout != "CPU").count();
    println!("{} products, of these {} and {} in an order of their own", expected.len(), layouts(&expected), layouts(&found));
}

/// Of the two as vectors, in parts of their length.
fn distance(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let square = |value: f32| f64::from(value) * f64::from(value);
    let off: f64 = a.iter().zip(b).map(|(a, b)| square(a - b)).sum();
    let length: f64 = a.iter().map(|value| square(*value)).sum();
    assert!(length > 0.0);
    (off / length).sqrt()
}

fn device() -> llama::ggml_backend_dev_t {
    unsafe { llama::ggml_backend_dev_by_type(llama::GGML_BACKEND_DEVICE_TYPE_CPU) }
}

/// Instructions that the kernels in use say they were compiled for.
fn features() -> Vec<String> {
    type Features = unsafe extern "C" fn(llama::ggml_backend_reg_t) -> *const llama::ggml_backend_feature;
    let mut names = Vec::new();
    unsafe {
        let kernels = llama::ggml_backend_dev_backend_reg(device());
        let function = llama::ggml_backend_reg_get_proc_address(kernels, c"ggml_backend_get_features".as_ptr());
        assert!(!function.is_null());
        let function: Features = std::mem::transmute(function);
        let mut feature = function(kernels);
        while !(*feature).name.is_null() {
            names.push(CStr::from_ptr((*feature).name).to_string_lossy().into_owned());
            feature = feature.add(1);
        }
    }
    names
}

/// Of every type of weights, in every layout that the kernels in use have for it.
fn products() -> Vec<Product> {
    let mut products = Vec::new();
    for kind in TYPES {
        let weights = quantized(kind);
        for columns in COLUMNS {
            for layout in layouts() {
                products.extend(unsafe { product(kind, &weights, columns, layout) });
            }
        }
    }
    products
}

/// As it lies in files, and what the kernels have beside.
fn layouts() -> Vec<llama::ggml_backend_buffer_type_t> {
    type Extra = unsafe extern "C" fn(llama::ggml_backend_dev_t) -> *const llama::ggml_backend_buffer_type_t;
    let mut all = Vec::new();
    unsafe {
        all.push(llama::ggml_backend_dev_buffer_type(device()));
        let kernels = llama::ggml_backend_dev_backend_reg(device());
        let function = llama::ggml_backend_reg_get_proc_address(kernels, c"ggml_backend_dev_get_extra_bufts".as_ptr());
        assert!(!function.is_null());
        let function: Extra = std::mem::transmute(function);
        let mut extra = function(device());
        while !extra.is_null() && !(*extra).is_null() {
            all.push(*extra);
            extra = extra.add(1);
        }
    }
    all
}

/// `None` where weights of this type can't lie so.
unsafe fn product(kind: llama::ggml_type, weights: &[u8], columns: usize, layout: llama::ggml_backend_buffer_type_t) -> Option<Product> {
    unsafe {
        let params = llama::ggml_init_params { mem_size: 1 << 20, mem_buffer: ptr::null_mut(), no_alloc: true };
        let (held, computed) = (llama::ggml_init(params), llama::ggml_init(params));
        let matrix = llama::ggml_new_tensor_2d(held, kind, WIDTH as i64, ROWS as i64);
        let input = llama::ggml_new_tensor_2d(computed, llama::GGML_TYPE_F32, WIDTH as i64, columns as i64);
        let output = llama::ggml_mul_mat(computed, matrix, input);
        let room = llama::ggml_backend_buft_alloc_buffer(layout, 0);
        (*matrix).buffer = room;
        let possible = llama::ggml_backend_dev_supports_op(device(), output);
        (*matrix).buffer = ptr::null_mut();
        llama::ggml_backend_buffer_free(room);
        let mut product = None;
        if possible {
            let kernels = llama::ggml_backend_dev_init(device(), ptr::null());
            let buffers =
                [llama::ggml_backend_alloc_ctx_tensors_from_buft(held, layout), llama::ggml_backend_alloc_ctx_tensors(computed, kernels)];
            assert!(buffers.iter().all(|buffer| !buffer.is_null()));
            let values = numbers(columns * WIDTH, 7);
            llama::ggml_backend_tensor_set(matrix, weights.as_ptr().cast::<c_void>(), 0, weights.len());
            llama::ggml_backend_tensor_set(input, values.as_ptr().cast::<c_void>(), 0, size_of_val(values.as_slice()));
            let graph = llama::ggml_new_graph(computed);
            llama::ggml_build_forward_expand(graph, output);
            assert_eq!(llama::ggml_backend_graph_compute(kernels, graph), llama::GGML_STATUS_SUCCESS);
            let mut values = vec![0.0_f32; columns * ROWS];
            let length = size_of_val(values.as_slice());
            llama::ggml_backend_tensor_get(output, values.as_mut_ptr().cast::<c_void>(), 0, length);
            let name = CStr::from_ptr(llama::ggml_backend_buft_name(layout)).to_string_lossy().into_owned();
            product = Some(Product { kind, columns, layout: name, values });
            for buffer in buffers {
                llama::ggml_backend_buffer_free(buffer);
            }
            llama::ggml_backend_free(kernels);
        }
        llama::ggml_free(held);
        llama::ggml_free(computed);
        product
    }
}

/// The same weights, in this type.
fn quantized(kind: llama::ggml_type) -> Vec<u8> {
    let values = numbers(ROWS * WIDTH, 3);
    unsafe {
        let mut bytes = vec![0_u8; llama::ggml_row_size(kind, WIDTH as i64) * ROWS];
        let into = bytes.as_mut_ptr().cast::<c_void>();
        let written = llama::ggml_quantize_chunk(kind, values.as_ptr(), into, 0, ROWS as i64, WIDTH as i64, ptr::null());
        assert_eq!(written, bytes.len());
        bytes
    }
}

/// Between -1 and 1, always the same (Lehmer's generator, as in MINSTD).
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state * 48_271 % 0x7fff_ffff;
        (state as f64 / f64::from(0x7fff_ffff) * 2.0 - 1.0) as f32
    };
    (0..count).map(|_| next()).collect()
}
