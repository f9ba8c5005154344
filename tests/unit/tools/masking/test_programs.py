"""What docker, helm and systemctl print where secrets stand."""

import json
import textwrap

import pytest
import yaml

from aof.tools.masking import Withheld, mask_for
from aof.tools.redaction import MASK


def shown(argv: list[str], text: str) -> str:
    mask = mask_for(argv)
    return text if mask is None else mask.text(text)


CONTAINER = [
    {
        "Id": "3f4a",
        "State": {"Status": "running"},
        "Config": {
            "Env": ["PATH=/usr/bin", "DB=hidden", "EMPTY=", "PASSED"],
            "Cmd": ["serve", "--token", "hidden", "--port", "80"],
            "Labels": {"com.example.api-key": "hidden", "com.docker.compose.project": "shop"},
            "Image": "shop:2",
        },
    }
]


@pytest.mark.parametrize("words", ["inspect shop", "container inspect shop", "inspect --format json shop"])
def test_variables_of_a_container(words: str) -> None:
    text = shown(["docker", *words.split()], json.dumps(CONTAINER, indent=4))
    (found,) = json.loads(text)
    assert "hidden" not in text
    assert found["Config"]["Env"] == [f"PATH={MASK}", f"DB={MASK}", f"EMPTY={MASK}", "PASSED"]
    assert found["Config"]["Cmd"] == ["serve", "--token", MASK, "--port", "80"]
    assert found["Config"]["Labels"]["com.docker.compose.project"] == "shop"
    assert found["State"] == {"Status": "running"}


@pytest.mark.parametrize(
    "template",
    [
        "{{.Config.Env}}",
        "{{json .}}",
        "{{range .Config.Env}}{{println .}}{{end}}",
        "{{.State.Status}}{{json .Config}}",
        "{{index .Config.Env 0}}",
        "{{.Args}}",
    ],
)
@pytest.mark.parametrize("option", ["--format", "-f", "-sf"])
def test_a_template_that_could_show_variables_is_withheld(template: str, option: str) -> None:
    with pytest.raises(Withheld, match="leave --format out"):
        shown(["docker", "inspect", option, template, "shop"], "DB=hidden")
    with pytest.raises(Withheld):
        shown(["docker", "inspect", f"{option}={template}", "shop"], "DB=hidden")


def test_a_template_of_plain_fields_is_shown() -> None:
    argv = ["docker", "inspect", "-f", "{{.Name}} {{json .State.Health}} {{.HostConfig.RestartPolicy.Name}}", "shop"]
    assert shown(argv, "/shop healthy always") == "/shop healthy always"


def test_a_config_of_docker_in_base64() -> None:
    found = shown(
        ["docker", "config", "inspect", "x"], json.dumps([{"ID": "a", "Spec": {"Name": "x", "Data": "aGlk"}}])
    )
    assert json.loads(found) == [{"ID": "a", "Spec": {"Name": "x", "Data": MASK}}]


def test_a_pretty_description_is_withheld() -> None:
    with pytest.raises(Withheld, match="leave --pretty out"):
        shown(["docker", "service", "inspect", "--pretty", "shop"], " Env: A=hidden")


def test_the_configuration_of_compose() -> None:
    services = (
        "  a:\n    environment:\n      A: hidden\n      B: null\n  b:\n    environment: [A=hidden]\n    image: x\n"
    )
    text = f"name: shop\nservices:\n{services}"
    found = shown(["docker", "compose", "config"], text)
    assert yaml.safe_load(found)["services"] == {
        "a": {"environment": {"A": MASK, "B": MASK}},
        "b": {"environment": [f"A={MASK}"], "image": "x"},
    }
    assert shown(["docker", "compose", "config", "--environment"], "A=hidden\nmore\n") == f"A={MASK}\n"
    assert shown(["docker", "compose", "config", "--services"], "a\nb\n") == "a\nb\n"


HELM_ALL = textwrap.dedent("""\
    NAME: shop
    NAMESPACE: web
    STATUS: deployed
    USER-SUPPLIED VALUES:
    auth:
      rootPassword: hidden
    credentials:
      user: hidden
    image:
      tag: v2
    NOTES:
      password: hidden
    extraEnvVars:
    - name: LEVEL
      value: hidden
    useToken: true

    COMPUTED VALUES:
    dsn: hidden
    replicas: 2

    HOOKS:
    MANIFEST:
    ---
    # Source: shop/templates/secret.yaml
    apiVersion: v1
    kind: Secret
    stringData:
      a: |
        hidden
    ---
    # Source: shop/templates/deployment.yaml
    # password is hidden
    apiVersion: apps/v1
    kind: Deployment
    spec:
      env:
      - name: LEVEL
        value: "hidden"

    NOTES:
    Visit http://shop.example
    """)


def test_values_and_manifests_of_a_release() -> None:
    text = shown(["helm", "get", "all", "shop"], HELM_ALL)
    assert "hidden" not in text
    for kept in (
        "STATUS: deployed",
        f"rootPassword: {MASK}",
        "tag: v2",
        "useToken: true",
        "replicas: 2",
        "# Source: shop/templates/deployment.yaml",
        "Visit http://shop.example",
    ):
        assert kept in text


def test_values_of_a_release_alone() -> None:
    assert shown(["helm", "get", "values", "x"], "USER-SUPPLIED VALUES:\nnull\n") == "USER-SUPPLIED VALUES:\nnull\n"
    assert shown(["helm", "get", "values", "x"], "token: hidden\n") == f"token: {MASK}\n"
    found = shown(["helm", "get", "values", "x", "-o", "json"], '{"db":{"password":"hidden","port":5432}}')
    assert json.loads(found) == {"db": {"password": MASK, "port": 5432}}
    manifest = "---\napiVersion: v1\nkind: Secret\ndata: {a: hidden}\n"
    status = shown(["helm", "status", "x", "-o", "json"], json.dumps({"name": "x", "manifest": manifest}))
    assert "hidden" not in status
    assert "kind: Secret" in status


@pytest.mark.parametrize("words", ["get values x", "get all x", "get manifest x", "get values x -o yaml"])
def test_values_that_can_not_be_read_are_withheld(words: str) -> None:
    with pytest.raises(Withheld, match="could not be read"):
        shown(["helm", *words.split()], "USER-SUPPLIED VALUES:\na: [hidden\n")


def test_lists_of_releases_stay() -> None:
    table = "NAME\tNAMESPACE\tREVISION\nshop\tweb\t3\n"
    assert shown(["helm", "list"], table) == table


UNIT = textwrap.dedent("""\
    # /etc/systemd/system/shop.service
    [Service]
    Environment="DB=hidden with blanks" LEVEL=hidden
    #Environment=OLD=hidden
    Environment=A=hidden \\
      B=hidden
    Environment='torn=hidden
    PassEnvironment=LANG
    EnvironmentFile=/etc/default/shop
    SetCredential=key:hidden
    ExecStart=/usr/bin/shop
    """)


def test_variables_of_a_unit() -> None:
    text = shown(["systemctl", "cat", "shop"], UNIT)
    assert "hidden" not in text
    assert text.splitlines() == [
        "# /etc/systemd/system/shop.service",
        "[Service]",
        f"Environment=DB={MASK} LEVEL={MASK}",
        f"#Environment=OLD={MASK}",
        f"Environment=A={MASK} B={MASK}",
        f"Environment={MASK}",
        "PassEnvironment=LANG",
        "EnvironmentFile=/etc/default/shop",
        f"SetCredential=key:{MASK}",
        "ExecStart=/usr/bin/shop",
    ]
    assert shown(["systemctl", "show", "shop"], "Id=shop\nEnvironment=A=hidden B=hidden\n") == (
        f"Id=shop\nEnvironment=A={MASK} B={MASK}\n"
    )
    assert shown(["systemctl", "show-environment"], "A=hidden\nB=$'hidden'\n") == f"A={MASK}\nB={MASK}\n"


@pytest.mark.parametrize(
    "words",
    [
        "--value",
        "--value -p Environment",
        "-P Environment",
        "-PEnvironment",
        "--val -p MainPID,Environment",
        "-qP Environment",
    ],
)
def test_bare_values_that_could_be_variables_are_withheld(words: str) -> None:
    with pytest.raises(Withheld, match="leave --value out"):
        shown(["systemctl", "show", *words.split(), "shop"], "A=hidden")


def test_a_bare_state_is_shown() -> None:
    assert shown(["systemctl", "show", "-P", "ActiveState", "shop"], "active\n") == "active\n"
