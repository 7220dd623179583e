//! `kadi merchant` and `kadi template`: by a running server where there is one, else in this process.

use std::path::Path;
use std::process::ExitCode;

use super::run::print;
use crate::admin::{AdminRequest, ask, carry_out};
use crate::app::{keys, start_engine};
use crate::cli::{Folders, MerchantCommand, TemplateCommand};
use crate::config::Places;
use crate::folder::take_folder;

/// `kadi merchant …`
pub(super) async fn merchant(folders: &Folders, command: MerchantCommand) -> Result<ExitCode, String> {
    let request = match command {
        MerchantCommand::Create { name, json } => AdminRequest::CreateMerchant { name, json },
        MerchantCommand::Import { file } => AdminRequest::ImportMerchants { text: read(&file)? },
        MerchantCommand::List => AdminRequest::ListMerchants,
        MerchantCommand::Revoke { id, credential } => {
            AdminRequest::RevokeCredential { merchant: id, credential }
        }
    };
    request_of(folders, request).await
}

/// `kadi template …`
pub(super) async fn template(folders: &Folders, command: TemplateCommand) -> Result<ExitCode, String> {
    let request = match command {
        TemplateCommand::Import { file } => AdminRequest::ImportTemplates { text: read(&file)? },
        TemplateCommand::List => AdminRequest::ListTemplates,
    };
    request_of(folders, request).await
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

async fn request_of(folders: &Folders, request: AdminRequest) -> Result<ExitCode, String> {
    let places = Places::find(folders).map_err(|fault| fault.to_string())?;
    let running = places.embedded().and_then(|_| ask(&places.data, &request));
    let answer = match running {
        Some(answer) => answer,
        None => {
            let _folder = take_folder(&places)?;
            let keys = keys(&places)?;
            let engine = start_engine(&places, &keys, None).await?;
            let changes = request.changes();
            let answer = carry_out(&engine, request).await;
            if changes {
                // What is told as done holds for the next request at every node.
                engine.seen_everywhere().await;
            }
            engine.stop();
            answer
        }
    };
    print(&answer?)?;
    Ok(ExitCode::SUCCESS)
}
