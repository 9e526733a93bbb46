//! TLS that ends in this process, for those who run no front before it. What clients may offer is not configured:
//! TLS 1.3, else 1.2 with forward secrecy and authenticated encryption, which is all that rustls knows.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result, ensure};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
        version::{TLS12, TLS13},
    },
};

/// Where a certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM: the certificate, then those that lead to its authority.
    pub certificate: PathBuf,
    /// PEM: the certificate's private key.
    pub key: PathBuf,
}

/// Reads the two files. Whoever renews the certificate starts the process again.
///
/// # Errors
/// When a file cannot be read, or the key is not the certificate's; quotes neither.
pub fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor> {
    let chain = certificates(files)
        .with_context(|| format!("reading HELLOMAPPER_TLS_CERT at {}", files.certificate.display()))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .with_context(|| format!("reading HELLOMAPPER_TLS_KEY at {}", files.key.display()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("HELLOMAPPER_TLS_KEY is not the key of HELLOMAPPER_TLS_CERT")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(files: &TlsFiles) -> Result<Vec<CertificateDer<'static>>> {
    let chain = CertificateDer::pem_file_iter(&files.certificate)?.collect::<Result<Vec<_>, _>>()?;
    ensure!(!chain.is_empty(), "there is no certificate in it");
    Ok(chain)
}
