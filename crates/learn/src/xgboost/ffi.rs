//! The C interface of XGBoost: the only unsafe code of the workspace.
//!
//! What all blocks rest on: the symbols have the types of `xgboost/c_api.h` of version 3.2, which is
//! checked before any of them is called; the library is never unloaded; a handle is freed once, by
//! its owner's `Drop`; results that belong to the library are copied before the next call.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_float, c_int, c_void};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::ptr;
use std::sync::Arc;

use crate::{Error, Result};

type Handle = *mut c_void;
type Unsigned = u64;

/// Declares the functions of the library that are used, and how they are looked up.
macro_rules! functions {
    ($($field:ident = $symbol:literal : fn($($argument:ty),*) -> c_int;)*) => {
        struct Functions { $($field: unsafe extern "C" fn($($argument),*) -> c_int,)* }

        impl Functions {
            fn of(library: &libloading::Library) -> Result<Self, libloading::Error> {
                // SAFETY: the types are those of the C header of the version that was checked.
                unsafe { Ok(Self { $($field: *library.get($symbol)?,)* }) }
            }
        }
    };
}

functions! {
    matrix_create = b"XGDMatrixCreateFromMat": fn(*const c_float, Unsigned, Unsigned, c_float, *mut Handle) -> c_int;
    matrix_floats = b"XGDMatrixSetFloatInfo": fn(Handle, *const c_char, *const c_float, Unsigned) -> c_int;
    matrix_free = b"XGDMatrixFree": fn(Handle) -> c_int;
    create = b"XGBoosterCreate": fn(*const Handle, Unsigned, *mut Handle) -> c_int;
    free = b"XGBoosterFree": fn(Handle) -> c_int;
    set = b"XGBoosterSetParam": fn(Handle, *const c_char, *const c_char) -> c_int;
    update = b"XGBoosterUpdateOneIter": fn(Handle, c_int, Handle) -> c_int;
    predict = b"XGBoosterPredictFromDMatrix": fn(Handle, Handle, *const c_char, *mut *const Unsigned, *mut Unsigned, *mut *const c_float) -> c_int;
    save = b"XGBoosterSaveModelToBuffer": fn(Handle, *const c_char, *mut Unsigned, *mut *const c_char) -> c_int;
    load = b"XGBoosterLoadModelFromBuffer": fn(Handle, *const c_void, Unsigned) -> c_int;
    scores = b"XGBoosterFeatureScore": fn(Handle, *const c_char, *mut Unsigned, *mut *const *const c_char, *mut Unsigned, *mut *const Unsigned, *mut *const c_float) -> c_int;
    names = b"XGBoosterSetStrFeatureInfo": fn(Handle, *const c_char, *const *const c_char, Unsigned) -> c_int;
}

/// The library, loaded for the life of the process.
pub(super) struct Library {
    functions: Functions,
    last_error: unsafe extern "C" fn() -> *const c_char,
    version: (i32, i32, i32),
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Library {
    pub(super) fn open(path: &Path) -> Result<Arc<Self>> {
        let broken = |error: libloading::Error| Error::LibraryBroken {
            path: path.to_owned(),
            message: cause(&error),
        };
        // SAFETY: loading runs the library's initializers; the user has named this file, or `make
        // xgboost` has checked its hash. It stays loaded, because its threads may outlive us.
        let library = ManuallyDrop::new(unsafe { libloading::Library::new(path) }.map_err(broken)?);
        let version = version(&library).map_err(broken)?;
        if (version.0, version.1) != (3, 2) {
            return Err(Error::LibraryVersion { path: path.to_owned(), found: version });
        }
        let functions = Functions::of(&library).map_err(broken)?;
        // SAFETY: `const char *XGBGetLastError(void)` in the C header.
        let last_error = unsafe { library.get(b"XGBGetLastError").map(|symbol| *symbol) };
        Ok(Arc::new(Self { functions, last_error: last_error.map_err(broken)?, version }))
    }

    pub(super) fn version(&self) -> (i32, i32, i32) {
        self.version
    }

    /// Turns a status into an error with the library's words.
    fn check(&self, function: &'static str, status: c_int) -> Result<()> {
        if status == 0 {
            return Ok(());
        }
        // SAFETY: the string belongs to the library and lives until this thread's next call.
        let message = unsafe { CStr::from_ptr((self.last_error)()) }.to_string_lossy();
        let message = message.lines().next().unwrap_or_default().to_owned();
        Err(Error::LibraryCall { function, message })
    }
}

/// The loader's own words, which name the library that is missing.
fn cause(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

fn version(library: &libloading::Library) -> Result<(i32, i32, i32), libloading::Error> {
    type Version = unsafe extern "C" fn(*mut c_int, *mut c_int, *mut c_int);
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: the function has had this type since it exists (1.0), and writes three integers.
    unsafe {
        let of = library.get::<Version>(b"XGBoostVersion")?;
        of(&raw mut major, &raw mut minor, &raw mut patch);
    }
    Ok((major, minor, patch))
}

fn text(text: &str) -> Result<CString> {
    let function = "text argument";
    CString::new(text)
        .map_err(|_| Error::LibraryCall { function, message: format!("{text:?} holds a zero") })
}

/// A table of the library.
#[derive(Debug)]
pub(super) struct Matrix {
    library: Arc<Library>,
    handle: Handle,
    rows: usize,
}

// SAFETY: the library ties no handle to a thread; `Matrix` is not `Sync`, so one at a time uses it.
unsafe impl Send for Matrix {}

impl Matrix {
    /// A table from cells row after row, a missing one as NaN.
    pub(super) fn new(
        library: &Arc<Library>,
        cells: &[f32],
        rows: usize,
        columns: usize,
    ) -> Result<Self> {
        if cells.len() != rows * columns {
            let (expected, found) = (rows * columns, cells.len());
            return Err(Error::Length { what: "the list of cells", expected, found });
        }
        let mut handle = ptr::null_mut();
        let (r, c) = (rows as Unsigned, columns as Unsigned);
        // SAFETY: `cells` holds rows * columns numbers, which the library copies.
        let status = unsafe {
            (library.functions.matrix_create)(cells.as_ptr(), r, c, f32::NAN, &raw mut handle)
        };
        library.check("XGDMatrixCreateFromMat", status)?;
        Ok(Self { library: Arc::clone(library), handle, rows })
    }

    pub(super) fn set_labels(&mut self, labels: &[f32]) -> Result<()> {
        let count = labels.len() as Unsigned;
        // SAFETY: `labels` holds `count` numbers, which the library copies.
        let status = unsafe {
            let set = self.library.functions.matrix_floats;
            set(self.handle, c"label".as_ptr(), labels.as_ptr(), count)
        };
        self.library.check("XGDMatrixSetFloatInfo", status)
    }
}

impl Drop for Matrix {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and is freed here only.
        unsafe { (self.library.functions.matrix_free)(self.handle) };
    }
}

/// A model of the library.
#[derive(Debug)]
pub(super) struct Booster {
    library: Arc<Library>,
    handle: Handle,
}

// SAFETY: the library ties no handle to a thread; `Booster` is not `Sync`, so one at a time uses it.
unsafe impl Send for Booster {}

impl Booster {
    pub(super) fn new(library: &Arc<Library>, matrix: Option<&Matrix>) -> Result<Self> {
        let handles: Vec<Handle> = matrix.iter().map(|matrix| matrix.handle).collect();
        let mut handle = ptr::null_mut();
        // SAFETY: the array holds as many live handles as are announced.
        let status = unsafe {
            let count = handles.len() as Unsigned;
            (library.functions.create)(handles.as_ptr(), count, &raw mut handle)
        };
        library.check("XGBoosterCreate", status)?;
        Ok(Self { library: Arc::clone(library), handle })
    }

    pub(super) fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let (key, value) = (text(key)?, text(value)?);
        // SAFETY: both strings end in zero and live through the call.
        let status =
            unsafe { (self.library.functions.set)(self.handle, key.as_ptr(), value.as_ptr()) };
        self.library.check("XGBoosterSetParam", status)
    }

    /// Adds a tree.
    pub(super) fn update(&mut self, iteration: u32, matrix: &Matrix) -> Result<()> {
        let iteration = c_int::try_from(iteration).unwrap_or(c_int::MAX);
        // SAFETY: both handles are live.
        let status =
            unsafe { (self.library.functions.update)(self.handle, iteration, matrix.handle) };
        self.library.check("XGBoosterUpdateOneIter", status)
    }

    /// Probabilities of the first trees.
    pub(super) fn predict(&mut self, matrix: &Matrix, trees: u32) -> Result<Vec<f32>> {
        let config = text(&format!(
            r#"{{"type":0,"training":false,"iteration_begin":0,"iteration_end":{trees},"strict_shape":false}}"#
        ))?;
        let (mut shape, mut dimensions, mut answers) = (ptr::null(), 0, ptr::null());
        // SAFETY: handles and string are live; the call sets the three results.
        let status = unsafe {
            (self.library.functions.predict)(
                self.handle,
                matrix.handle,
                config.as_ptr(),
                &raw mut shape,
                &raw mut dimensions,
                &raw mut answers,
            )
        };
        self.library.check("XGBoosterPredictFromDMatrix", status)?;
        // SAFETY: `shape` has `dimensions` lengths, `answers` their product of numbers; both belong to
        // the booster and live until its next call, and are copied here.
        unsafe {
            let count = product(shape, dimensions);
            debug_assert_eq!(count, matrix.rows);
            Ok(copy(answers, count))
        }
    }

    /// The model in JSON.
    pub(super) fn json(&mut self) -> Result<Vec<u8>> {
        let (mut length, mut bytes) = (0, ptr::null());
        let config = c"{\"format\":\"json\"}";
        // SAFETY: handle and string are live; the call sets both results.
        let status = unsafe {
            let save = self.library.functions.save;
            save(self.handle, config.as_ptr(), &raw mut length, &raw mut bytes)
        };
        self.library.check("XGBoosterSaveModelToBuffer", status)?;
        // SAFETY: `bytes` has `length` bytes, belongs to the booster and is copied here.
        Ok(unsafe { copy(bytes.cast::<u8>(), size(length)) })
    }

    /// Takes a model from JSON or UBJSON.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<()> {
        let length = bytes.len() as Unsigned;
        // SAFETY: `bytes` has `length` bytes and lives through the call.
        let status =
            unsafe { (self.library.functions.load)(self.handle, bytes.as_ptr().cast(), length) };
        self.library.check("XGBoosterLoadModelFromBuffer", status)
    }

    /// The score of each feature that a split is on.
    pub(super) fn feature_scores(&mut self, kind: &str) -> Result<Vec<(String, f32)>> {
        let config = text(&format!(r#"{{"importance_type":"{kind}"}}"#))?;
        let (mut count, mut names, mut dimensions) = (0, ptr::null(), 0);
        let (mut shape, mut scores) = (ptr::null(), ptr::null());
        // SAFETY: handle and string are live; the call sets the five results.
        let status = unsafe {
            (self.library.functions.scores)(
                self.handle,
                config.as_ptr(),
                &raw mut count,
                &raw mut names,
                &raw mut dimensions,
                &raw mut shape,
                &raw mut scores,
            )
        };
        self.library.check("XGBoosterFeatureScore", status)?;
        // SAFETY: `names` has `count` strings, `scores` the product of `shape` numbers; all belong to
        // the booster and are copied here.
        unsafe {
            let names = copy(names, size(count));
            let names = names.into_iter().map(|n| CStr::from_ptr(n).to_string_lossy().into_owned());
            Ok(names.zip(copy(scores, product(shape, dimensions))).collect())
        }
    }

    /// Names the features in what is saved.
    pub(super) fn name_features(&mut self, names: &[String]) -> Result<()> {
        let names = names.iter().map(|name| text(name)).collect::<Result<Vec<CString>>>()?;
        let pointers: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
        let count = pointers.len() as Unsigned;
        // SAFETY: the array has `count` strings that live through the call and are copied.
        let status = unsafe {
            let set = self.library.functions.names;
            set(self.handle, c"feature_name".as_ptr(), pointers.as_ptr(), count)
        };
        self.library.check("XGBoosterSetStrFeatureInfo", status)
    }
}

impl Drop for Booster {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and is freed here only.
        unsafe { (self.library.functions.free)(self.handle) };
    }
}

/// A length of the library, which counts things in memory.
fn size(length: Unsigned) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// The number of cells of a shape.
///
/// # Safety
/// `shape` has `dimensions` lengths.
unsafe fn product(shape: *const Unsigned, dimensions: Unsigned) -> usize {
    // SAFETY: as promised by the caller.
    unsafe { copy(shape, size(dimensions)) }.into_iter().map(size).product()
}

/// A copy of an array of the library; none of a null pointer.
///
/// # Safety
/// `from` is null or has `count` items.
unsafe fn copy<T: Copy>(from: *const T, count: usize) -> Vec<T> {
    if from.is_null() || count == 0 {
        return Vec::new();
    }
    // SAFETY: as promised by the caller.
    unsafe { std::slice::from_raw_parts(from, count) }.to_vec()
}
