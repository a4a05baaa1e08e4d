//! From the errors of the crates below to the sentences a person reads.

use warifu_exchange::google_migration::MigrationError;
use warifu_otp::{KeyUriError, LabelTooLong, MAX_LABEL_CHARS, ParameterError, SecretError};
use warifu_scan::PictureError;
use warifu_vault::{
    ChangePasswordError, MergeError, NoRandomness, PasswordError, ReadError, RemoveSlotError, SealError, UnlockError,
};

use crate::{
    ErrorCode as Code, SessionError,
    ports::{CameraError, CaptureError, StoreError},
};

fn unexpected(error: impl std::fmt::Display) -> SessionError {
    SessionError::new(Code::Unexpected).with("reason", error)
}

impl From<SecretError> for SessionError {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Empty => Code::SecretMissing.into(),
            SecretError::IllegalCharacter { position } => {
                SessionError::new(Code::SecretIllegalCharacter).with("position", position)
            }
            SecretError::TooShort => Code::SecretTooShort.into(),
            SecretError::TooLong => Code::SecretTooLong.into(),
            other => unexpected(other),
        }
    }
}

impl From<ParameterError> for SessionError {
    fn from(error: ParameterError) -> Self {
        match error {
            ParameterError::DigitsOutOfRange => Code::DigitsOutOfRange.into(),
            ParameterError::TimeStepOutOfRange => Code::PeriodOutOfRange.into(),
            ParameterError::CounterOutOfRange => Code::CounterOutOfRange.into(),
            ParameterError::UnknownAlgorithm => Code::UnknownAlgorithm.into(),
            other => unexpected(other),
        }
    }
}

impl From<LabelTooLong> for SessionError {
    fn from(_: LabelTooLong) -> Self {
        SessionError::new(Code::LabelTooLong).with("limit", MAX_LABEL_CHARS)
    }
}

impl From<KeyUriError> for SessionError {
    fn from(error: KeyUriError) -> Self {
        match error {
            KeyUriError::NotAKeyUri => Code::CodeIsOther.into(),
            KeyUriError::TooLong => Code::KeyUriTooLong.into(),
            KeyUriError::UnsupportedType => Code::UnsupportedType.into(),
            KeyUriError::MissingSecret => Code::SecretMissing.into(),
            KeyUriError::Secret(error) => error.into(),
            KeyUriError::Parameter(error) => error.into(),
            KeyUriError::MalformedNumber { which } => match which {
                warifu_otp::UriParameter::Digits => Code::DigitsOutOfRange.into(),
                warifu_otp::UriParameter::Period => Code::PeriodOutOfRange.into(),
                warifu_otp::UriParameter::Counter => Code::CounterOutOfRange.into(),
                _ => Code::KeyUriMalformed.into(),
            },
            KeyUriError::MalformedEscape => Code::KeyUriMalformed.into(),
            KeyUriError::ConflictingParameter { which } => {
                SessionError::new(Code::KeyUriConflict).with("parameter", which)
            }
            KeyUriError::LabelTooLong(error) => error.into(),
            other => unexpected(other),
        }
    }
}

impl From<MigrationError> for SessionError {
    fn from(error: MigrationError) -> Self {
        match error {
            MigrationError::ImpossiblePart => Code::MigrationImpossiblePart.into(),
            _ => Code::MigrationMalformed.into(),
        }
    }
}

impl From<PictureError> for SessionError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::NotAPicture => Code::NotAPicture.into(),
            PictureError::UnsupportedFormat => Code::PictureUnsupported.into(),
            PictureError::TooManyBytes { limit } => {
                SessionError::new(Code::PictureFileTooLarge).with("limit_mib", limit / (1024 * 1024))
            }
            PictureError::TooManyPixels { width, height, .. } => {
                SessionError::new(Code::PictureTooLarge).with("width", width).with("height", height)
            }
            PictureError::Truncated => Code::PictureTruncated.into(),
            PictureError::Broken => Code::PictureBroken.into(),
            PictureError::Protected => Code::PdfProtected.into(),
            PictureError::TooManyPages { limit } => SessionError::new(Code::PdfTooManyPages).with("limit", limit),
            PictureError::TooDemanding => Code::PdfTooDemanding.into(),
        }
    }
}

impl From<PasswordError> for SessionError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Empty => Code::PasswordEmpty.into(),
            PasswordError::TooLong { limit } => SessionError::new(Code::PasswordTooLong).with("limit", limit),
            other => unexpected(other),
        }
    }
}

impl From<ReadError> for SessionError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Damaged { .. } => Code::VaultDamaged.into(),
            ReadError::TooNew { major, .. } => SessionError::new(Code::VaultTooNew).with("major", major),
            ReadError::TooLarge { .. } => Code::VaultTooLarge.into(),
            ReadError::KdfOutOfBounds(_) => Code::VaultKdfRefused.into(),
            other => unexpected(other),
        }
    }
}

impl From<UnlockError> for SessionError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::WrongPassword => Code::WrongPassword.into(),
            UnlockError::WrongRecoveryKey => Code::WrongRecoveryKey.into(),
            UnlockError::NoRecoverySlot => Code::NoRecoveryKey.into(),
            UnlockError::WrongKeyringKey => Code::KeyringWrongValue.into(),
            UnlockError::NoSuchSlot => Code::QuickUnlockOff.into(),
            UnlockError::OtherVault => Code::OtherVault.into(),
            UnlockError::Tampered { .. } => Code::VaultTampered.into(),
            UnlockError::Damaged { .. } => Code::VaultDamaged.into(),
            UnlockError::OutOfMemory { .. } => Code::OutOfMemory.into(),
            other => unexpected(other),
        }
    }
}

impl From<SealError> for SessionError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::OutOfMemory { .. } => Code::OutOfMemory.into(),
            SealError::TooLarge { .. } => Code::VaultTooLarge.into(),
            SealError::TooManySlots { .. } => Code::TooManySlots.into(),
            other => SessionError::new(Code::VaultNotSaved).with("reason", other),
        }
    }
}

impl From<ChangePasswordError> for SessionError {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::Current(error) => error.into(),
            ChangePasswordError::New(error) => error.into(),
            other => unexpected(other),
        }
    }
}

impl From<MergeError> for SessionError {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::OtherVault => Code::OtherVault.into(),
            other => unexpected(other),
        }
    }
}

impl From<RemoveSlotError> for SessionError {
    fn from(error: RemoveSlotError) -> Self {
        match error {
            RemoveSlotError::LastSlot => Code::LastSlot.into(),
            other => unexpected(other),
        }
    }
}

impl From<NoRandomness> for SessionError {
    fn from(error: NoRandomness) -> Self {
        SessionError::new(Code::VaultNotSaved).with("reason", error)
    }
}

impl From<CaptureError> for SessionError {
    fn from(error: CaptureError) -> Self {
        match error {
            CaptureError::Unsupported => Code::CaptureUnsupported.into(),
            CaptureError::Denied => Code::CaptureDenied.into(),
            CaptureError::NotPermitted => Code::CaptureNotPermitted.into(),
            CaptureError::Failed { reason } => SessionError::new(Code::CaptureFailed).with("reason", reason),
        }
    }
}

impl From<CameraError> for SessionError {
    fn from(error: CameraError) -> Self {
        match error {
            CameraError::NoCamera => Code::CameraNone.into(),
            CameraError::Busy => Code::CameraBusy.into(),
            CameraError::Denied => Code::CameraDenied.into(),
            CameraError::Failed { reason } => SessionError::new(Code::CameraFailed).with("reason", reason),
        }
    }
}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Changed => Code::VaultChangedOnDisk.into(),
            StoreError::Busy => Code::VaultBusy.into(),
            StoreError::Io { .. } | StoreError::ReadBackDiffers => {
                SessionError::new(Code::VaultNotSaved).with("reason", error)
            }
        }
    }
}
