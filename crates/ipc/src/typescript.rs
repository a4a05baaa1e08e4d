//! The wire types as TypeScript.

use ts_rs::{Config, TS};
use warifu_session::ErrorCode;

use crate::{requests::*, views::*};

/// The whole of `ui/src/ipc/bindings.ts`.
pub fn bindings() -> String {
    let config = Config::default();
    let mut text = String::from("// Written by `cargo xtask bindings` from crates/ipc. Do not edit.\n");
    let codes: Vec<String> = ErrorCode::ALL.iter().map(|code| format!("\"{}\"", code.as_str())).collect();
    text.push_str(&format!("\nexport type ErrorCode = {};\n", codes.join(" | ")));
    macro_rules! declare {
        ($($type:ty),+ $(,)?) => {$(
            text.push_str(&format!("\nexport {}\n", <$type as TS>::decl(&config)));
        )+};
    }
    declare!(
        Language,
        Theme,
        Kind,
        TimeUnit,
        Warning,
        Source,
        ErrorView,
        SettingsView,
        QuickUnlock,
        PhaseView,
        NoticeView,
        AppView,
        PasswordRatingView,
        ParametersView,
        EntryView,
        RecoveryKeyView,
        RecoveryTypedView,
        SecurityView,
        PasswordChangedView,
        BackupPlace,
        BackupState,
        BackupView,
        BackupsView,
        Here,
        ChosenFileView,
        BegunAnewView,
        DrillView,
        TrashedView,
        TrashView,
        HistoryItemView,
        HistoryView,
        EntriesView,
        CodeView,
        CodesView,
        CopiedView,
        CandidateView,
        FormView,
        RefusalView,
        ExportView,
        ReadingView,
        PictureView,
        AddedView,
        DeletedView,
        DroppedView,
        CameraView,
        CameraLookView,
        FrameLabelView,
        FrameCodeView,
        FrameView,
        PickedView,
        AppearanceRequest,
        LockAfterRequest,
        KeyRequest,
        AddRequest,
        OldBackups,
        RollbackAnswer,
        EditRequest,
        MoveRequest,
        RegionRequest,
    );
    text
}
