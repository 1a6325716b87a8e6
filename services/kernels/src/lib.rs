//! What llama.cpp computes with: its kernels, compiled twice (`build.rs`), of which the ones that suit the processor are used.
//!
//! llama.cpp itself chooses between kernels only where each is a library of its own beside the program.

use std::{ffi::CStr, sync::OnceLock};

use llama_cpp_sys_2 as llama;

/// By the instructions that they were compiled for, the fewest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kernels {
    /// What llama.cpp is compiled for by default: AVX2 on x86-64, ARMv8 on ARM.
    Baseline,
    /// AVX-512 with VNNI: most Intel servers since Cascade Lake, AMD since Zen 4.
    Avx512,
}

impl Kernels {
    /// The fastest that this program has and this processor can run.
    #[must_use]
    pub fn fastest() -> Self {
        #[cfg(avx512)]
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512cd")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vnni")
        {
            return Self::Avx512;
        }
        Self::Baseline
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline if cfg!(target_arch = "x86_64") => "AVX2",
            Self::Baseline => "baseline",
            Self::Avx512 => "AVX-512",
        }
    }
}

static IN_USE: OnceLock<Kernels> = OnceLock::new();

/// Lets llama.cpp compute with these kernels, or the fastest that this processor can run where it can't run these. The first call
/// decides for the whole process. Returns which they are, as llama.cpp tells.
///
/// # Safety
/// Before anything else that uses llama.cpp: its list of devices has no lock, and a model keeps the kernels that it was loaded with.
#[expect(unsafe_code, reason = "it is for the caller to know that nothing uses llama.cpp yet")]
pub unsafe fn install(kernels: Kernels) -> Kernels {
    *IN_USE.get_or_init(|| {
        if kernels.min(Kernels::fastest()) == Kernels::Avx512 {
            replace();
        }
        told()
    })
}

/// What llama.cpp computes with, where that was decided.
#[must_use]
pub fn in_use() -> Option<Kernels> {
    IN_USE.get().copied()
}

#[cfg(avx512)]
#[expect(unsafe_code, reason = "the list of devices of llama.cpp is changed in no other way")]
fn replace() {
    unsafe extern "C" {
        fn footnote_avx512_cpu_reg() -> llama::ggml_backend_reg_t;
    }
    // SAFETY: nobody else uses the list, as the caller of `install` promises, and the processor can run what was compiled for it.
    unsafe {
        llama::ggml_backend_unload(llama::ggml_backend_cpu_reg());
        llama::ggml_backend_register(footnote_avx512_cpu_reg());
    }
}

#[cfg(not(avx512))]
const fn replace() {}

#[expect(unsafe_code, reason = "llama.cpp is asked")]
fn told() -> Kernels {
    // SAFETY: the text is llama.cpp's own until the next call, and there is one call a process.
    let told = unsafe { CStr::from_ptr(llama::llama_print_system_info()) };
    if told.to_string_lossy().contains("AVX512 = 1") { Kernels::Avx512 } else { Kernels::Baseline }
}
