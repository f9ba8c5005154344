"""What kubectl prints of Secrets, ConfigMaps and workloads, in the forms of kubectl 1.32."""

import base64
import json
import textwrap

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aof.tools.masking import Withheld, mask_for
from aof.tools.redaction import MASK


def shown(command: str, text: str) -> str:
    mask = mask_for(command.split())
    assert mask is not None
    return mask.text(text)


SECRET = {
    "apiVersion": "v1",
    "data": {"password": "aHVudGVyMi1odW50ZXIy", "tls.crt": "LS0tLS1CRUdJTi0tLS0t", "empty": ""},
    "kind": "Secret",
    "metadata": {
        "annotations": {
            "kubectl.kubernetes.io/last-applied-configuration": json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"annotations": {}, "name": "db"},
                    "stringData": {"password": "hunter2-hunter2"},
                }
            )
            + "\n",
            "objectset.rio.cattle.io/applied": "H4sIAAAAAAAA/4yRQWvbQBCF/8oy",
            "team/note": "was hunter2-hunter2 until May",
        },
        "name": "db",
        "namespace": "web",
    },
    "type": "Opaque",
}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "api", "namespace": "web"},
    "spec": {
        "replicas": 3,
        "template": {
            "spec": {
                "containers": [
                    {
                        "name": "api",
                        "image": "registry.example/api:1.4",
                        "args": ["--listen", ":8080", "--db-password", "correct horse"],
                        "env": [
                            {"name": "DB_URL", "value": "postgres-is-at-home"},
                            {"name": "LEVEL", "value": "debug-it"},
                            {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "db", "key": "the-key"}}},
                        ],
                        "envFrom": [{"configMapRef": {"name": "api-settings"}}],
                    }
                ],
                "imagePullSecrets": [{"name": "pull-from-here"}],
            }
        },
    },
}
CONFIGMAP = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "data": {"LOG_LEVEL": "debug", "db_password": "line one\nline two", "api.key": "k-e-y", "useToken": True},
    "binaryData": {"logo": "c29tZSBiaW5hcnk="},
    "metadata": {"name": "api-settings"},
}
LIST = {"apiVersion": "v1", "items": [SECRET, DEPLOYMENT, CONFIGMAP], "kind": "List", "metadata": {}}
BARE_LIST = {
    "apiVersion": "v1",
    "kind": "SecretList",
    "items": [{"metadata": {"name": "x"}, "data": {"a": "aGlkZGVu"}}],
}
VALUES = (
    "aHVudGVyMi1odW50ZXIy",
    "LS0tLS1CRUdJTi0tLS0t",
    "hunter2-hunter2",
    "H4sIAAAA",
    "correct horse",
    "postgres-is-at-home",
    "debug-it",
    "line one",
    "line two",
    "k-e-y",
    "aGlkZGVu",
    "c29tZSBi",
)
FORMS = [
    pytest.param(lambda tree: json.dumps(tree, indent=4) + "\n", "-o json", id="json"),
    pytest.param(json.dumps, "-ojson", id="json on one line"),
    pytest.param(yaml.safe_dump, "--output=yaml", id="yaml"),
    pytest.param(lambda tree: yaml.safe_dump(tree, width=30), "-Ao yaml", id="folded yaml"),
    pytest.param(lambda tree: yaml.safe_dump(tree, default_style='"'), "-oyaml", id="quoted yaml"),
    pytest.param(yaml.safe_dump, "", id="unasked"),
]


@pytest.mark.parametrize(("written", "option"), FORMS)
@pytest.mark.parametrize("tree", [SECRET, DEPLOYMENT, CONFIGMAP, LIST, BARE_LIST], ids=lambda tree: tree["kind"])
def test_values_are_masked_and_names_stay(tree, written, option) -> None:
    text = shown(f"kubectl get x {option}", written(tree))
    assert not [value for value in VALUES if value in text]
    masked = yaml.safe_load(text)
    assert masked["kind"] == tree["kind"]
    if tree is SECRET:
        assert masked["data"] == dict.fromkeys(SECRET["data"], MASK)
        applied = json.loads(masked["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"])
        assert applied["stringData"] == {"password": MASK}
        assert masked["metadata"]["annotations"]["team/note"] == f"was {MASK} until May"
    if tree is DEPLOYMENT:
        spec = masked["spec"]["template"]["spec"]
        expected = [
            {"name": "DB_URL", "value": MASK},
            {"name": "LEVEL", "value": MASK},
            {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "db", "key": "the-key"}}},
        ]
        assert spec["containers"][0]["env"] == expected
        assert spec["containers"][0]["image"] == "registry.example/api:1.4"
        assert spec["imagePullSecrets"] == [{"name": "pull-from-here"}]
        assert masked["spec"]["replicas"] in (3, "3")
    if tree is CONFIGMAP:
        assert masked["data"] == {"LOG_LEVEL": "debug", "db_password": MASK, "api.key": MASK, "useToken": True}


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "Secret", "data": {"a": "aGlkZGVu"',
        "kind: Secret\ndata: {a: aGlkZGVu",
        "apiVersion: v1\nkind: Secret\ndata: &d {a: aGlkZGVu}\nother: *d\n",
        "kind: Secret\ndata: {a: x}\ndata: aGlkZGVu\n",
        "Error: a banner, and then: [aGlkZGVu",
        '{"a": ' * 3000 + "1" + "}" * 3000,
    ],
)
def test_what_is_no_whole_document_is_withheld(text: str) -> None:
    with pytest.raises(Withheld, match="could not be read"):
        shown("kubectl get secret x -o yaml", text)


@pytest.mark.parametrize("option", ["-o jsonpath={.data.a}", "-ogo-template={{.data}}", "--template={{.data}}"])
def test_a_form_that_can_not_be_told_apart_is_withheld(option: str) -> None:
    with pytest.raises(Withheld, match="ask for -o json or yaml"):
        shown(f"kubectl get secret x {option}", "aGlkZGVu")


@pytest.mark.parametrize("option", ["-v=8", "-v8", "-v 9", "--v=9", "--vmodule=x=9"])
def test_whole_answers_on_standard_error_are_not_shown(option: str) -> None:
    mask = mask_for(f"kubectl get secret x {option}".split())
    assert mask is not None
    assert mask.hides_errors


@pytest.mark.parametrize(
    "command", ["kubectl get secrets", "kubectl logs api -o json-is-no-option", "kubectl top pods"]
)
def test_tables_and_logs_stay(command: str) -> None:
    table = "NAME   TYPE     DATA   AGE\ndb     Opaque   2      3d\n"
    assert shown(command, table) == table


def test_a_log_of_json_lines_is_no_object() -> None:
    line = '{"kind":"Secret","data":{"a":"b"}}\n{"torn'
    assert shown("kubectl logs api", line) == line


DESCRIBED = textwrap.dedent("""\
    Name:         db
    Namespace:    web
    Labels:       <none>
    Annotations:  objectset.rio.cattle.io/applied:
                    H4sIAAAAAAAA/4yRQWvbQBCF
                  team/owner: ann

    Type:  Opaque

    Data
    ====
    password:  12 bytes
    token:     eyJ-not-really


    Name:             api-7d9f
    Containers:
      api:
        Image:      registry.example/api:1.4
        Environment:
          LEVEL:     debug-it
          PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false
          FAKED:     <set to the key 'x' in secret 'y'> and more
          CERT:      first line
                     second line

                     third line
          NODE:       (v1:spec.nodeName)
        Mounts:
          /var/run from x (ro)
      other:
        Environment:  <none>


    Name:         settings

    Data
    ====
    api.password:
    ----
    one
    two

    game.properties:
    ----
    lives=3


    BinaryData
    ====
    logo: 4096 bytes

    Events:  <none>
    """)


def test_a_description_keeps_its_names_and_references() -> None:
    text = shown("kubectl describe secret,pod,cm", DESCRIBED)
    hidden = ("12 bytes", "eyJ-not", "debug-it", "and more", "first line", "second", "third", "one\n", "two", "H4sI")
    assert not [value for value in hidden if value in text]
    for kept in (
        f"password:  {MASK}",
        f"LEVEL:  {MASK}",
        "PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
        "NODE:       (v1:spec.nodeName)",
        "/var/run from x (ro)",
        "Environment:  <none>",
        "lives=3",
        "Events:  <none>",
        "registry.example/api:1.4",
    ):
        assert kept in text


def test_an_object_of_a_kind_that_kubectl_does_not_know() -> None:
    variables = "    Name:   A\n    Value:  hidden\nunindented, hidden\n    Name:   B\n    Value:  hidden\n"
    text = f"Spec:\n  Env:\n{variables}  Replicas:  2\n"
    found = shown("kubectl describe rollout x", text)
    assert "hidden" not in found
    assert "Name:   B" in found
    assert "Replicas:  2" in found


def test_variables_listed_by_set_env() -> None:
    text = "# Deployment api, container api\nLEVEL=hidden\nCERT=hidden\nhidden too\n"
    found = shown("kubectl set env deploy/api --list", text)
    assert found == f"# Deployment api, container api\nLEVEL={MASK}\nCERT={MASK}\n"


VALUE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=8, max_size=40).filter(
    lambda value: value not in MASK
)


@given(
    value=VALUE,
    key=st.from_regex(r"[a-z][a-z0-9._-]{0,20}", fullmatch=True),
    field=st.sampled_from(["data", "stringData"]),
)
@pytest.mark.parametrize("is_yaml", [False, True])
def test_no_value_of_a_secret_is_ever_shown(value: str, key: str, field: str, *, is_yaml: bool) -> None:
    encoded = base64.b64encode(value.encode()).decode()
    held = {key: encoded if field == "data" else value}
    applied = json.dumps({"apiVersion": "v1", "kind": "Secret", field: held})
    tree = {
        "apiVersion": "v1",
        "kind": "List",
        "items": [
            {
                "kind": "Secret",
                "metadata": {
                    "name": "x",
                    "annotations": {
                        "kubectl.kubernetes.io/last-applied-configuration": applied,
                        "torn-applied": applied[:-1],
                        "copy": f"({encoded}) [{value}]",
                    },
                },
                field: held,
            }
        ],
    }
    text = yaml.safe_dump(tree, allow_unicode=True) if is_yaml else json.dumps(tree, ensure_ascii=False)
    found = shown("kubectl get secrets -o json", text)
    assert value not in found
    assert encoded not in found
    assert json.dumps(value)[1:-1] not in found
    assert key in found
