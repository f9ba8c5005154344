"""aws, both versions: https://docs.aws.amazon.com/cli/latest/reference/. Its services name operations alike."""

from aof.domain.risk import Risk
from aof.tools.classify.table import Program, Verb, options, verbs

_OTHER_TARGET = "where it asks, and how that is checked, is set in the configuration; leave it out"

_GLOBAL = (
    options(
        "--endpoint-url=",
        "--no-verify-ssl",
        "--ca-bundle=",
        "--cli-auto-prompt",
        "--no-sign-request",
        refused=_OTHER_TARGET,
    )
    | options(
        "--profile=",
        "--region=",
        "--output=",
        "--query=",
        "--color=",
        "--no-cli-pager",
        "--no-paginate",
        "--page-size=",
    )
    | options(
        "--max-items=", "--starting-token=", "--cli-read-timeout=", "--cli-connect-timeout=", "--cli-binary-format="
    )
    | options("--no-cli-auto-prompt", "--version")
    | options("--debug", "--with-decryption", risk=Risk.DANGEROUS, why="credentials")
    | options("--follow", refused="it has no end; leave it out and ask again")
)

_S3 = options(
    "--recursive", "--human-readable", "--summarize", "--request-payer=", "--dryrun", "--quiet", "--include=",
    "--exclude=", "--acl=", "--storage-class=", "--sse[=]", "--only-show-errors", "--no-progress", "--size-only",
    "--exact-timestamps", "--content-type=", "--cache-control=", "--source-region=", "--follow-symlinks",
    "--no-follow-symlinks",
) | options("--delete", risk=Risk.DELETE)  # fmt: skip
_RECURSIVE = _S3 | options("--recursive", "--force", risk=Risk.DANGEROUS, why="all of them")

_LOOK = "describe get list head lookup search batch-get estimate"
_CHANGE = """
    create update put start stop run tag untag modify attach detach associate disassociate enable disable register add
    set reboot restore copy import export send publish invoke allocate assign authorize reset change upload
    batch-write batch-put transact
"""
_REMOVE = "delete terminate remove deregister release purge revoke cancel destroy batch-delete"


def _of_all_services(risk: Risk, words: str) -> dict[tuple[str, ...], Verb]:
    return verbs(risk, *(f"* {word}" for word in words.split()), fronts=True, any_parameters=True)


def _operations(risk: Risk, *written: str) -> dict[tuple[str, ...], Verb]:
    return verbs(risk, *written, any_parameters=True)


_VERBS = (
    _of_all_services(Risk.READ, _LOOK)
    | _of_all_services(Risk.WRITE, _CHANGE)
    | _of_all_services(Risk.DELETE, _REMOVE)
    | _operations(Risk.READ, "* wait", "logs filter-log-events", "logs tail", "logs start-query", "logs stop-query",
            "cloudtrail lookup-events", "sts get-caller-identity", "help", "* help", "iam simulate-principal-policy")
    # Variables, start scripts and contents, where secrets stand
    | _operations(Risk.SENSITIVE, "lambda get-function", "lambda get-function-configuration", "lambda list-functions",
            "lambda list-versions-by-function", "ecs describe-task-definition", "ecs describe-tasks",
            "ec2 describe-instance-attribute", "ec2 get-console-output", "ec2 get-console-screenshot",
            "ec2 describe-launch-template-versions", "ec2 get-launch-template-data",
            "* describe-launch-configurations", "ssm get-parameter", "ssm get-parameters",
            "ssm get-parameters-by-path", "ssm get-parameter-history", "ssm get-command-invocation",
            "ssm list-commands", "ssm list-command-invocations", "dynamodb get-item", "dynamodb batch-get-item",
            "dynamodb scan", "dynamodb query", "elasticbeanstalk describe-configuration-settings",
            "apprunner describe-service", "codebuild batch-get-projects", "batch describe-job-definitions",
            "cloudformation describe-stacks", "cloudformation get-template", "amplify get-app", "amplify list-apps",
            "sqs receive-message", "kinesis get-records", "iam get-credential-report", "configure list")
    # They write what they fetch into a file
    | _operations(Risk.WRITE, "* get-object", "* get-object-torrent", "glacier get-job-output",
            "apigateway get-export", "apigateway get-sdk", "apigatewayv2 export-api", "* get-media", "* get-clip",
            "* get-thing-shadow", "* get-package-version-asset", "* get-snapshot-block", "* get-raw-message-content",
            "* get-images", "* list-sites", "* get-chunk", "* get-media-for-fragment-list", "* get-geospatial-data")
    | _operations(Risk.DANGEROUS, "iam *", "organizations *", "sso-admin *", "identitystore *", "account *")
    | verbs(Risk.READ, *(f"{service} {front}" for service in ("iam", "organizations", "sso-admin", "identitystore",
        "account")
            for front in ("get", "list", "describe")), fronts=True, any_parameters=True)
    # Credential values
    | _operations(Risk.DANGEROUS, "secretsmanager get-secret-value", "secretsmanager batch-get-secret-value",
            "kms decrypt", "kms generate-data-key", "kms generate-data-key-pair", "sts assume-role",
            "sts assume-role-with-saml", "sts assume-role-with-web-identity", "sts assume-root",
            "sts get-session-token", "sts get-federation-token", "* get-login", "* get-login-password",
            "* get-authorization-token", "rds generate-db-auth-token", "dsql generate-db-connect-auth-token",
            "dsql generate-db-connect-admin-auth-token", "eks get-token", "eks update-kubeconfig",
            "* get-cluster-credentials", "* get-cluster-credentials-with-iam", "* get-credentials",
            "ec2 get-password-data", "lightsail get-instance-access-details", "lightsail download-default-key-pair",
            "* get-credentials-for-identity", "* get-open-id-token", "* get-open-id-token-for-developer-identity",
            "sso get-role-credentials", "sso login", "sso logout", "login", "logout", "s3 presign",
            "signer get-signing-profile", "* get-database-credentials", "redshift-serverless get-credentials",
            "gamelift request-upload-credentials", "gamelift get-instance-access", "gamelift get-compute-auth-token",
            "* get-relational-database-master-user-password", "apigateway get-api-key", "apigateway get-api-keys",
            "appsync list-api-keys", "lightsail get-bucket-access-keys", "configure", "configure get", "configure set",
            "configure import", "configure sso", "configure export-credentials", "configure add-model",
            "configure mfa-login")
    # Arbitrary execution, and policies
    | _operations(Risk.DANGEROUS, "ssm send-command", "ssm start-session", "ssm start-automation-execution",
            "ecs execute-command", "ec2-instance-connect *", "emr ssh", "emr socks", "emr put", "emr get",
            "cloudshell *", "lambda add-permission", "s3api put-bucket-policy", "s3api put-bucket-acl",
            "s3api put-object-acl", "s3api put-public-access-block", "s3api delete-public-access-block",
            "kms put-key-policy", "kms create-grant", "kms schedule-key-deletion",
            "secretsmanager put-resource-policy", "ec2 authorize-security-group-ingress")
    | verbs(Risk.READ, "s3 ls", options=_S3)
    | verbs(Risk.WRITE, "s3 cp", "s3 mv", "s3 sync", "s3 mb", "s3 website", options=_S3)
    | verbs(Risk.DELETE, "s3 rm", "s3 rb", options=_RECURSIVE)
)  # fmt: skip

AWS = Program("aws", _VERBS, _GLOBAL)
