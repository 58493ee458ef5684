//! Bringing the tables up to date, and refusing those that a newer version has made.

use std::error::Error;

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

use crate::StoreError;

pub(crate) fn run<C, B>(db: &mut C, migrations: EmbeddedMigrations, place: &str) -> Result<(), StoreError>
where
    C: MigrationHarness<B>,
    B: Backend + 'static,
    EmbeddedMigrations: MigrationSource<B>,
{
    let failed = |error: Box<dyn Error + Send + Sync>| StoreError::of(place, &*error);
    let known: Vec<Box<dyn Migration<B>>> = migrations.migrations().map_err(failed)?;
    let applied = db.applied_migrations().map_err(failed)?;
    let newer = applied.iter().find(|version| !known.iter().any(|migration| migration.name().version() == **version));
    if let Some(version) = newer {
        return Err(StoreError::newer(place, &version.to_string()));
    }
    db.run_pending_migrations(migrations).map(drop).map_err(failed)
}
