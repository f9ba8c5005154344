"""Runbooks that tests are about."""

from aof.agents.written.inputs import Input
from aof.agents.written.runbook import Offer, Runbook, Step
from aof.texts.language import Language

NAMESPACE = Input("namespace", choices=("prod", "staging"), kind="choice", default="prod")

RESTART = Runbook(
    name="restart-api",
    description="Restarts the api and waits for it",
    phrases={
        Language.ENGLISH: ("restart the api", "bounce api", "restart the api in {namespace}"),
        Language.ARABIC: ("أعد تشغيل الواجهة", "أعد تشغيل الواجهة في {namespace}"),
    },
    inputs=(NAMESPACE,),
    steps=(
        Step("before", ("kubectl", "-n", "{namespace}", "get", "deploy", "api")),
        Step(
            "restart",
            ("kubectl", "-n", "{namespace}", "rollout", "restart", "deploy/api"),
            undo=("kubectl", "-n", "{namespace}", "rollout", "undo", "deploy/api"),
            dry_run=("kubectl", "-n", "{namespace}", "rollout", "history", "deploy/api"),
            say="restarts the api of {namespace}",
        ),
        Step(
            "check",
            ("kubectl", "-n", "{namespace}", "rollout", "status", "deploy/api"),
            expect_contains="successfully",
        ),
    ),
    actions=(Offer("Pods", text="pods"), Offer("Scale it", runbook="scale-api")),
    response="The api of {namespace} is new.",
)

SCALE = Runbook(
    name="scale-api",
    phrases={Language.ENGLISH: ("scale the api", "scale {deploy} to {replicas}")},
    inputs=(
        Input("deploy", default="api"),
        Input("replicas", kind="integer", least=1, most=20, description="How many pods"),
    ),
    steps=(Step("scale", ("kubectl", "scale", "deploy/{deploy}", "--replicas={replicas}")),),
)

TWICE = Runbook(
    name="twice",
    steps=(
        Step("look", ("kubectl", "get", "pods")),
        Step("first", ("kubectl", "restart", "a")),
        Step("second", ("kubectl", "restart", "b")),
        Step("after", ("kubectl", "get", "events")),
    ),
)
