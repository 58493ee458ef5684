//! An authority and a server's key of this machine, made when a test needs them: nobody else trusts them.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::install::once;

/// A folder with `ca.pem`, and with `cert.pem` and `key.pem` of a server on `localhost`.
pub fn keys(scratch: &Path) -> PathBuf {
    once(scratch, "tls", &["localhost"], |folder| {
        let mut authority = CertificateParams::new(Vec::new()).expect("an authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("a certificate");
        let key = KeyPair::generate().expect("a key");
        let server = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("a server");
        let server = server.signed_by(&key, &authority).expect("a certificate");
        fs::create_dir_all(folder).expect("a folder for the keys");
        for (name, text) in [("ca.pem", authority.pem()), ("cert.pem", server.pem()), ("key.pem", key.serialize_pem())]
        {
            fs::write(folder.join(name), text).expect("a file for a key");
        }
    })
}
