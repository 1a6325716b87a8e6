//! The kernels compute the same up to rounding, and those that were asked for are those that compute.
#![expect(unsafe_code, reason = "llama.cpp is called")]
#![expect(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

use std::{
    ffi::{CStr, c_void},
    ptr,
};

use kernels::Kernels;
use llama::{ggml_context as Context, ggml_tensor as Tensor};
use llama_cpp_sys_2 as llama;

/// What files of models are usually quantized to, and what the kernels have code of their own for; with a width that is no power of two.
const TYPES: [(llama::ggml_type, usize); 19] = [
    (llama::GGML_TYPE_F32, 544),
    (llama::GGML_TYPE_F16, 544),
    (llama::GGML_TYPE_BF16, 544),
    (llama::GGML_TYPE_Q4_0, 544),
    (llama::GGML_TYPE_Q4_1, 544),
    (llama::GGML_TYPE_Q5_0, 544),
    (llama::GGML_TYPE_Q5_1, 544),
    (llama::GGML_TYPE_Q8_0, 544),
    (llama::GGML_TYPE_IQ4_NL, 544),
    (llama::GGML_TYPE_MXFP4, 544),
    (llama::GGML_TYPE_Q2_K, 768),
    (llama::GGML_TYPE_Q3_K, 768),
    (llama::GGML_TYPE_Q4_K, 768),
    (llama::GGML_TYPE_Q5_K, 768),
    (llama::GGML_TYPE_Q6_K, 768),
    (llama::GGML_TYPE_IQ4_XS, 768),
    (llama::GGML_TYPE_IQ3_S, 768),
    (llama::GGML_TYPE_IQ3_XXS, 768),
    (llama::GGML_TYPE_IQ2_S, 768),
];
/// Rows of weights: as many as are computed together, and one more.
const ROWS: [usize; 2] = [96, 97];
/// Columns: as many as answers, guesses and prompts make.
const COLUMNS: [usize; 4] = [1, 3, 8, 64];
/// Dimensions of a head of attention.
const HEADS: [usize; 4] = [16, 64, 80, 128];

/// What was computed, by what, and how the weights lay in memory: as in the file, or in an order that suits the kernels.
#[derive(Debug)]
struct Computed {
    what: String,
    layout: String,
    values: Vec<f32>,
}

#[test]
fn kernels_agree() {
    if Kernels::fastest() == Kernels::Baseline {
        eprintln!("there is one kind of kernels for this processor: nothing to compare");
        return;
    }
    let expected = everything();
    assert!(!says_avx512());
    // SAFETY: nothing else uses llama.cpp in this process, and no model was loaded.
    assert_eq!(unsafe { kernels::install(Kernels::Avx512) }, Kernels::Avx512);
    assert_eq!(kernels::in_use(), Some(Kernels::Avx512));
    // SAFETY: as before. The first call has decided.
    assert_eq!(unsafe { kernels::install(Kernels::Baseline) }, Kernels::Avx512);
    assert!(says_avx512());
    let found = everything();
    let (mut compared, mut in_another_order, mut most) = (0, 0, 0.0_f64);
    for one in &expected {
        let same: Vec<&Computed> = found.iter().filter(|other| other.what == one.what).collect();
        assert!(!same.is_empty(), "{} is not computed", one.what);
        for other in same {
            let off = distance(&one.values, &other.values);
            assert!(off < 5e-4, "{}, {} and {}: {off}", one.what, one.layout, other.layout);
            compared += 1;
            most = most.max(off);
            in_another_order += usize::from(other.layout != "CPU");
        }
    }
    // The two round differently.
    assert!(most > 0.0);
    println!("{compared} compared, {in_another_order} of them in another order, {most} off at most");
    // Each type in two sizes and four widths of a step; attention, and the rest.
    assert!(compared >= TYPES.len() * 8 + HEADS.len() * 3 + 4, "{compared}");
    assert!(in_another_order >= 3 * 4, "{in_another_order}");
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

fn says_avx512() -> bool {
    let told = unsafe { CStr::from_ptr(llama::llama_print_system_info()) };
    let told = told.to_string_lossy();
    assert!(told.contains("AVX2 = 1"), "{told}");
    told.contains("AVX512 = 1") && told.contains("AVX512_VNNI = 1")
}

fn device() -> llama::ggml_backend_dev_t {
    unsafe { llama::ggml_backend_dev_by_type(llama::GGML_BACKEND_DEVICE_TYPE_CPU) }
}

/// With the kernels in use.
fn everything() -> Vec<Computed> {
    let mut all = Vec::new();
    for (kind, width) in TYPES {
        for rows in ROWS {
            let weights = quantized(kind, width, rows, 3);
            for columns in COLUMNS {
                let what = format!("product of type {kind}, {width} by {rows} by {columns}");
                let layouts = layouts();
                all.extend(layouts.into_iter().filter_map(|layout| product(&what, (kind, &weights), (width, rows, columns), layout)));
            }
        }
    }
    for dimensions in HEADS {
        for rows in [1, 3, 64] {
            all.push(attention(dimensions, rows));
        }
    }
    let plain = unsafe { llama::ggml_backend_dev_buffer_type(device()) };
    type Operation = unsafe extern "C" fn(*mut Context, *mut Tensor) -> *mut Tensor;
    let operations: [(&str, Operation); 4] = [
        ("silu", llama::ggml_silu),
        ("gelu", llama::ggml_gelu),
        ("soft maximum", llama::ggml_soft_max),
        ("sum of rows", llama::ggml_sum_rows),
    ];
    for (name, operation) in operations {
        let made = compute(name, plain, |held, _| unsafe {
            let input = llama::ggml_new_tensor_2d(held, llama::GGML_TYPE_F32, 577, 5);
            (operation(held, input), vec![(input, quantized(llama::GGML_TYPE_F32, 577, 5, 11))])
        });
        all.extend(made);
    }
    all
}

/// As weights lie in files, and what the kernels have beside.
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

/// `None` where weights of this type and size can't lie so.
fn product(
    what: &str,
    (kind, bytes): (llama::ggml_type, &[u8]),
    (width, rows, columns): (usize, usize, usize),
    layout: llama::ggml_backend_buffer_type_t,
) -> Option<Computed> {
    compute(what, layout, |held, computed| unsafe {
        let weights = llama::ggml_new_tensor_2d(held, kind, width as i64, rows as i64);
        let input = llama::ggml_new_tensor_2d(computed, llama::GGML_TYPE_F32, width as i64, columns as i64);
        let data = vec![(weights, bytes.to_vec()), (input, quantized(llama::GGML_TYPE_F32, width, columns, 7))];
        (llama::ggml_mul_mat(computed, weights, input), data)
    })
}

/// Of 6 heads of queries, on 2 of keys and values in half precision, with every third place masked.
fn attention(dimensions: usize, rows: usize) -> Computed {
    const PLACES: usize = 160;
    let plain = unsafe { llama::ggml_backend_dev_buffer_type(device()) };
    let made = compute(&format!("attention, {dimensions} dimensions, {rows} rows"), plain, |held, _| unsafe {
        let tensor = |kind, shape: [usize; 3]| llama::ggml_new_tensor_3d(held, kind, shape[0] as i64, shape[1] as i64, shape[2] as i64);
        let queries = tensor(llama::GGML_TYPE_F32, [dimensions, rows, 6]);
        let [keys, values] = [0, 1].map(|_| tensor(llama::GGML_TYPE_F16, [dimensions, PLACES, 2]));
        let mask = tensor(llama::GGML_TYPE_F16, [PLACES, rows, 1]);
        let masked: Vec<u8> = (0..PLACES * rows).flat_map(|at| if at % 3 == 1 { 0xfc00_u16 } else { 0 }.to_le_bytes()).collect();
        let data = vec![
            (queries, quantized(llama::GGML_TYPE_F32, dimensions, rows * 6, 5)),
            (keys, quantized(llama::GGML_TYPE_F16, dimensions, PLACES * 2, 6)),
            (values, quantized(llama::GGML_TYPE_F16, dimensions, PLACES * 2, 8)),
            (mask, masked),
        ];
        (llama::ggml_flash_attn_ext(held, queries, keys, values, mask, 1.0 / (dimensions as f32).sqrt(), 0.0, 0.0), data)
    });
    made.unwrap()
}

/// Makes tensors, of which those of the first context lie in `layout`, and computes the one that is returned; with the data of
/// the others. `None` where what is held can't lie so.
fn compute(
    what: &str,
    layout: llama::ggml_backend_buffer_type_t,
    make: impl Fn(*mut Context, *mut Context) -> (*mut Tensor, Vec<(*mut Tensor, Vec<u8>)>),
) -> Option<Computed> {
    unsafe {
        let params = llama::ggml_init_params { mem_size: 1 << 20, mem_buffer: ptr::null_mut(), no_alloc: true };
        let (held, computed) = (llama::ggml_init(params), llama::ggml_init(params));
        let (output, data) = make(held, computed);
        let first = data[0].0;
        let room = llama::ggml_backend_buft_alloc_buffer(layout, 0);
        (*first).buffer = room;
        let possible = llama::ggml_backend_dev_supports_op(device(), output);
        (*first).buffer = ptr::null_mut();
        llama::ggml_backend_buffer_free(room);
        let made = possible.then(|| {
            let kernels = llama::ggml_backend_dev_init(device(), ptr::null());
            let buffers =
                [llama::ggml_backend_alloc_ctx_tensors_from_buft(held, layout), llama::ggml_backend_alloc_ctx_tensors(computed, kernels)];
            for (tensor, bytes) in &data {
                assert_eq!(llama::ggml_nbytes(*tensor), bytes.len());
                llama::ggml_backend_tensor_set(*tensor, bytes.as_ptr().cast::<c_void>(), 0, bytes.len());
            }
            let graph = llama::ggml_new_graph(computed);
            llama::ggml_build_forward_expand(graph, output);
            assert_eq!(llama::ggml_backend_graph_compute(kernels, graph), llama::GGML_STATUS_SUCCESS);
            let mut values = vec![0.0_f32; llama::ggml_nelements(output) as usize];
            let length = size_of_val(values.as_slice());
            llama::ggml_backend_tensor_get(output, values.as_mut_ptr().cast::<c_void>(), 0, length);
            let layout = CStr::from_ptr(llama::ggml_backend_buft_name(layout)).to_string_lossy().into_owned();
            for buffer in buffers.into_iter().filter(|buffer| !buffer.is_null()) {
                llama::ggml_backend_buffer_free(buffer);
            }
            llama::ggml_backend_free(kernels);
            Computed { what: what.to_owned(), layout, values }
        });
        llama::ggml_free(held);
        llama::ggml_free(computed);
        made
    }
}

/// Always the same numbers between -1 and 1 (Lehmer's generator, as in MINSTD), in this type.
fn quantized(kind: llama::ggml_type, width: usize, rows: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state * 48_271 % 0x7fff_ffff;
        (state as f64 / f64::from(0x7fff_ffff) * 2.0 - 1.0) as f32
    };
    let values: Vec<f32> = (0..width * rows).map(|_| next()).collect();
    unsafe {
        let mut bytes = vec![0_u8; llama::ggml_row_size(kind, width as i64) * rows];
        let into = bytes.as_mut_ptr().cast::<c_void>();
        let written = llama::ggml_quantize_chunk(kind, values.as_ptr(), into, 0, rows as i64, width as i64, ptr::null());
        assert_eq!(written, bytes.len());
        bytes
    }
}
