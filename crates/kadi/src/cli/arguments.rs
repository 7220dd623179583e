//! Every command and option, with the texts of `--help`.

use std::path::PathBuf;

use clap::builder::{BoolishValueParser, PossibleValuesParser};
use clap::{ArgAction, Args, Parser, Subcommand};
use kadi_bench::PARTS;

/// Kadi, a payment-link server for your own machine.
///
/// Each option can also be given as an environment variable KADI_<NAME>. An option counts before a variable,
/// a variable before the configuration file.
#[derive(Debug, Parser)]
#[command(name = "kadi", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where Kadi finds its configuration, data and keys.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Folders {
    /// Configuration file (TOML); without it the defaults count
    #[arg(long, global = true, env = "KADI_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// PostgreSQL database, such as postgres://user:password@host/kadi, in place of the one in the data
    /// folder
    ///
    /// A password on a command line can be seen by every user of the machine: better give the variable.
    #[arg(long, global = true, env = "KADI_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Folder of the database, the keys and the administration socket [default: ./kadi-data]
    #[arg(long, global = true, env = "KADI_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// File of the keys, made at the first start [default: DIR/keys.toml]
    #[arg(long, global = true, env = "KADI_KEYS", value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
}

/// What Kadi can be asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a sandbox with a demo merchant, to try things out: no real money moves
    Dev(DevArguments),
    /// Start the server
    Serve(ServeArguments),
    /// Manage merchants and their credentials, also while the server runs
    #[command(subcommand)]
    Merchant(MerchantCommand),
    /// Manage the templates of invoices and forms, also while the server runs
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Check the books and everything else that must always hold; changes nothing
    ///
    /// Ends with 0 only if every rule holds, and otherwise names the first ones that do not.
    Verify(VerifyArguments),
    /// Copy the database, as it is at one instant, into a new file, also while the server runs
    ///
    /// The file appears when it is whole, durable and checked. The keys are not in it: keep the file of the
    /// keys in another place.
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Fill a data folder without a database from a backup
    ///
    /// Put the file of the keys in its place too. What happened after the backup is not in it; ids that were
    /// given out since are never given again.
    Restore {
        /// A file that `kadi backup` made
        file: PathBuf,
    },
    /// Measure this machine: links a second and more, against a bare server; changes no data of yours
    ///
    /// Everything runs on loopback and in a temporary folder under the data folder, which is removed again.
    /// With --database-url that database is measured too, by `--only large-store` in place of SQLite: it must
    /// be empty, and is filled.
    Bench(BenchArguments),
}

/// `kadi dev`.
#[derive(Debug, Args)]
pub(crate) struct DevArguments {
    /// Port on 127.0.0.1; 0 takes a free one [default: 8080]
    #[arg(long, env = "KADI_PORT", value_name = "N")]
    pub(crate) port: Option<u16>,
    /// Delete what is in the data folder first
    #[arg(long, env = "KADI_FRESH", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(crate) fresh: bool,
    /// Print the credentials and the first link as one JSON object
    #[arg(long, env = "KADI_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(crate) json: bool,
}

/// `kadi serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// IP address and port for payers and merchants' programs [default: 127.0.0.1:8080]
    #[arg(long, env = "KADI_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Address under which payers reach this server, such as https://pay.shop.example
    #[arg(long, env = "KADI_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Use the practice rail: no real money moves
    #[arg(
        long,
        env = "KADI_SANDBOX",
        value_name = "true|false",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = BoolishValueParser::new()
    )]
    pub(crate) sandbox: Option<bool>,
    /// IP address and port for /healthz, /readyz and /metrics [default: 127.0.0.1, port + 1]
    #[arg(long, env = "KADI_ADMIN_LISTEN", value_name = "ADDRESS")]
    pub(crate) admin_listen: Option<String>,
}

/// `kadi merchant`.
#[derive(Debug, Subcommand)]
pub(crate) enum MerchantCommand {
    /// Make a merchant with new credentials and print them, once
    Create {
        /// The name that payers see
        #[arg(long, env = "KADI_NAME", value_name = "NAME")]
        name: String,
        /// Print one JSON object
        #[arg(long, env = "KADI_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
        json: bool,
    },
    /// Add or change the merchants of a file: all of them or, if something is wrong, none
    ///
    /// Credentials are only added; those that the file leaves out stay until they are revoked.
    Import {
        /// The merchant file (TOML)
        file: PathBuf,
    },
    /// List merchants and their credentials, without the secrets
    List,
    /// End a credential: from now on it is not accepted any more
    Revoke {
        /// The merchant's id
        id: String,
        /// The credential's number, as `kadi merchant list` shows it
        credential: i64,
    },
}

/// `kadi template`.
#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// Add the templates of a file, or new versions of them; links keep the version they were made with
    Import {
        /// The template file (TOML)
        file: PathBuf,
    },
    /// List templates
    List,
}

/// `kadi verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// Print one JSON object
    #[arg(long, env = "KADI_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(crate) json: bool,
    /// Look at one moment of the whole database, even if that holds its log back for as long as it takes
    #[arg(long, env = "KADI_SNAPSHOT", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(crate) snapshot: bool,
}

/// `kadi bench`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct BenchArguments {
    /// Fewer and shorter rounds, within five minutes
    #[arg(long, env = "KADI_QUICK", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(crate) quick: bool,
    /// Only one part of it
    #[arg(long, env = "KADI_ONLY", value_name = "PART", value_parser = PossibleValuesParser::new(PARTS))]
    pub(crate) only: Option<String>,
    /// Links in the large store that is compared with an empty one; not with --quick [default: 1000000]
    #[arg(long, env = "KADI_LINKS", value_name = "N", conflicts_with = "quick")]
    pub(crate) links: Option<u64>,
    /// Print one JSON object
    #[arg(long, env = "KADI_JSON", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) part: Option<BenchPart>,
}

/// Processes that `kadi bench` starts; nobody else has a use for them.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchPart {
    /// The bare server to compare with
    #[command(hide = true)]
    Baseline {
        /// The size of its page
        #[arg(long, env = "KADI_PAGE_BYTES", value_name = "N")]
        page_bytes: usize,
    },
    /// A sandbox server with other batches, or on a disk that is made slower
    #[command(hide = true)]
    Serve(PacedArguments),
}

/// `kadi bench serve`.
#[derive(Debug, Args)]
pub(crate) struct PacedArguments {
    #[command(flatten)]
    pub(crate) serve: ServeArguments,
    /// The most commands of one commit
    #[arg(long, env = "KADI_BATCH_MAX", value_name = "N")]
    pub(crate) batch_max: usize,
    /// How much longer each commit takes
    #[arg(long, env = "KADI_COMMIT_DELAY_US", value_name = "MICROSECONDS")]
    pub(crate) commit_delay_us: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_is_also_a_variable_of_its_name() {
        fn check(command: &clap::Command) {
            for option in command.get_opts() {
                let long = option.get_long().unwrap();
                let variable = format!("KADI_{}", long.to_uppercase().replace('-', "_"));
                assert_eq!(option.get_env().unwrap().to_str(), Some(variable.as_str()), "--{long}");
                assert!(option.get_help().is_some(), "--{long}");
            }
            command.get_subcommands().filter(|sub| sub.get_name() != "help").for_each(check);
        }
        check(&Cli::command());
    }

    #[test]
    fn folders_are_understood_before_and_after_the_command() {
        let url = "kadi serve --database-url postgres://localhost/kadi";
        assert!(parsed(url).unwrap().folders.database_url.is_some());
        for line in ["kadi --data d verify", "kadi verify --data d", "kadi verify --data=d"] {
            assert_eq!(parsed(line).unwrap().folders.data, Some("d".into()), "{line}");
        }
    }

    #[test]
    fn the_sandbox_can_be_switched_on_and_off() {
        for (line, expected) in [
            ("kadi serve", None),
            ("kadi serve --sandbox", Some(true)),
            ("kadi serve --sandbox=false", Some(false)),
            ("kadi serve --sandbox --listen 127.0.0.1:1", Some(true)),
        ] {
            let Command::Serve(arguments) = parsed(line).unwrap().command else { panic!("{line}") };
            assert_eq!(arguments.sandbox, expected, "{line}");
        }
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        for line in [
            "kadi",
            "kadi pay",
            "kadi serve --port 1",
            "kadi dev --port 65536",
            "kadi merchant create",
            "kadi merchant revoke demo x",
            "kadi merchant import",
            "kadi backup",
            "kadi backup a b",
            "kadi restore",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_credential_is_revoked_by_merchant_and_number() {
        let command = parsed("kadi merchant revoke demo 1034").unwrap().command;
        let Command::Merchant(MerchantCommand::Revoke { id, credential }) = command else {
            panic!("not revoke")
        };
        assert_eq!((id.as_str(), credential), ("demo", 1_034));
    }
}
