"""Answers one question of the Rust tests: a JSON object on standard input, another on standard output.

Bytes are hexadecimal. A question names its `task`; see the functions below.
"""

import json
import sys

import sealing


def unhex(question, *names):
    return [bytes.fromhex(question[name]) for name in names]


def identity_of(question):
    """From what the server stores and what its owner types."""
    wrapped_key, wrapped_identity = unhex(question, "wrapped_account_key", "wrapped_identity")

    def kek_of(account, door):
        if door[0] == "password":
            return sealing.password_keys(question["password"], door[1]).kek
        if door[0] == "passkey":
            return sealing.passkey_kek(account, door[1], bytes.fromhex(question["prf"]))
        return sealing.recovery_code_kek(account, sealing.read_recovery_code(question["recovery_code"]))

    account, account_key = sealing.unwrap_account_key(wrapped_key, kek_of)
    identity = sealing.unwrap_identity(wrapped_identity, account_key)
    sealing.require(identity.keys.account == account, "another account")
    return identity


def context_of(question):
    booking, organization, note = unhex(question, "booking", "organization", "note")
    return booking, organization, question["epoch"], note, question["version"]


def unlock(question):
    """Opens a person's keys by any door."""
    return {"key_id": identity_of(question).keys.key_id().hex()}


def prove(question):
    """What a password sends to the server."""
    parameters = bytes.fromhex(question["parameters"])
    return {"auth": sealing.password_keys(question["password"], parameters).auth.hex()}


def describe(question):
    """Believes a leaf and gives its fingerprint."""
    return {"fingerprint": sealing.fingerprint(sealing.read_leaf(bytes.fromhex(question["leaf"])))}


def read(question):
    """Opens an envelope by the patient's keys, by a member's grant, or by two recovery shares."""
    patient, practice = [sealing.read_leaf(leaf) for leaf in unhex(question, "patient_leaf", "practice_leaf")]
    recipients = [(1, patient.key_id()), (2, practice.key_id())]
    expected = (context_of(question), patient.key_id(), patient.sign, recipients)
    if question["as"] == "patient":
        identity = identity_of(question)
        kind, key_id, private = 1, identity.keys.key_id(), identity.receive
    else:
        kind, key_id, private = 2, practice.key_id(), mailbox_of(question, practice)
    note = sealing.open_envelope(bytes.fromhex(question["envelope"]), expected, kind, key_id, private)
    return {"note": note}


def mailbox_of(question, practice):
    grant = bytes.fromhex(question["grant"])
    if question["as"] == "member":
        member = identity_of(question)
        return sealing.open_grant(grant, practice, 1, member.keys.key_id(), member.receive)
    recovery = sealing.combine_shares(question["shares"], practice)
    return sealing.open_grant(grant, practice, 2, practice.recovery_key_id(), recovery)


def write(question):
    """Makes a patient's account and seals a note to the practice."""
    practice = sealing.read_leaf(bytes.fromhex(question["practice_leaf"]))
    (account,) = unhex(question, "account")
    parameters = sealing.kdf_parameters(19456, 2, 1, sealing.os.urandom(16))
    password = sealing.password_keys(question["password"], parameters)
    account_key = sealing.os.urandom(32)
    identity = sealing.Identity.of(account, sealing.os.urandom(32), sealing.os.urandom(32))
    recipients = [
        (1, identity.keys.key_id(), identity.keys.receive),
        (2, practice.key_id(), practice.mailbox),
    ]
    envelope = sealing.seal_envelope(context_of(question), question["note_in_clear"], identity, recipients)
    return {
        "auth": password.auth.hex(),
        "wrapped_account_key": sealing.wrap_account_key(account, account_key, password).hex(),
        "wrapped_identity": sealing.wrap_identity(identity, account_key).hex(),
        "leaf": sealing.write_account_leaf(identity, 1795392000000).hex(),
        "envelope": envelope.hex(),
    }


TASKS = {task.__name__: task for task in (unlock, prove, describe, read, write)}


def main():
    question = json.load(sys.stdin)
    try:
        answer = TASKS[question["task"]](question)
    except sealing.Refused as refused:
        answer = {"refused": str(refused)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
