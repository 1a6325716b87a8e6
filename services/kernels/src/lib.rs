//! What llama.cpp computes with: its kernels, compiled twice (`build.rs`), of which the ones that suit the processor are used.
//!
//! llama.cpp itself chooses between kernels only where each is a library of its own beside the program.

use llama_cpp_sys_2 as llama;

/// By the instructions that they were compiled for, the fewest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kernels {
    /// What llama.cpp is compiled for by default: AVX2 on x86-64, ARMv8 on ARM.
    Baseline,
    /// AVX-512 with VNNI: Intel since Cascade Lake, AMD since Zen 4.
    Avx512,
}

impl Kernels {
    /// The fastest that this program has and this processor can run.
    #[must_use]
    pub fn fastest() -> Self {
        #[cfg(avx512)]
        if is_x86_feature_detected!("avx512f")
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

/// Lets llama.cpp compute with these kernels, or the fastest that this processor can run where it can't run these. Returns
/// which they are.
///
/// # Safety
/// Once in a process, and before anything else that uses llama.cpp: its list of devices has no lock, and a model keeps the
/// kernels that it was loaded with.
#[expect(unsafe_code, reason = "the list of devices of llama.cpp is changed in no other way")]
pub unsafe fn install(kernels: Kernels) -> Kernels {
    let kernels = kernels.min(Kernels::fastest());
    #[cfg(avx512)]
    if kernels == Kernels::Avx512 {
        unsafe extern "C" {
            fn footnote_avx512_cpu_reg() -> llama::ggml_backend_reg_t;
        }
        // SAFETY: nobody else uses the list, as the caller promises, and the processor can run what was compiled for it.
        unsafe {
            llama::ggml_backend_unload(llama::ggml_backend_cpu_reg());
            llama::ggml_backend_register(footnote_avx512_cpu_reg());
        }
    }
    kernels
}
