package report

import "strings"

// prefixes are the services whose IAM prefix is not their name in aws-sdk
// resources.
var prefixes = map[string]string{
	"sfn": "states", "eventbridge": "events", "cloudwatchevents": "events", "cloudwatchlogs": "logs",
	"cognitoidentityprovider": "cognito-idp", "cognitoidentity": "cognito-identity", "sesv2": "ses",
	"apigatewayv2": "apigateway", "rdsdata": "rds-data", "redshiftdata": "redshift-data", "bedrockruntime": "bedrock",
	"elasticloadbalancingv2": "elasticloadbalancing", "emr": "elasticmapreduce", "emrcontainers": "emr-containers",
	"emrserverless": "emr-serverless", "databasemigration": "dms", "dynamodbstreams": "dynamodb", "costexplorer": "ce",
	"efs": "elasticfilesystem", "acmpca": "acm-pca", "sagemakerruntime": "sagemaker", "applicationautoscaling": "application-autoscaling",
	"timestreamquery": "timestream", "timestreamwrite": "timestream", "resourcegroupstaggingapi": "tag", "s3control": "s3",
	"elasticsearch": "es", "opensearch": "es", "opensearchserverless": "aoss", "servicediscovery": "servicediscovery",
	"ecrpublic": "ecr-public", "kinesisanalyticsv2": "kinesisanalytics", "marketplacecatalog": "aws-marketplace",
}

// renamed are the calls whose IAM actions have other names.
var renamed = map[string][]string{
	"bedrock:Converse":            {"bedrock:InvokeModel"},
	"dynamodb:ExecuteStatement":   {"dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate"},
	"dynamodb:TransactGetItems":   {"dynamodb:GetItem"},
	"dynamodb:TransactWriteItems": {"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
	"lambda:Invoke":               {"lambda:InvokeFunction"},
	"s3:CompleteMultipartUpload":  {"s3:PutObject"},
	"s3:CopyObject":               {"s3:GetObject", "s3:PutObject"},
	"s3:CreateMultipartUpload":    {"s3:PutObject"},
	"s3:DeleteObjects":            {"s3:DeleteObject"},
	"s3:HeadBucket":               {"s3:ListBucket"},
	"s3:HeadObject":               {"s3:GetObject"},
	"s3:ListBuckets":              {"s3:ListAllMyBuckets"},
	"s3:ListMultipartUploads":     {"s3:ListBucketMultipartUploads"},
	"s3:ListObjectVersions":       {"s3:ListBucketVersions"},
	"s3:ListObjects":              {"s3:ListBucket"},
	"s3:ListObjectsV2":            {"s3:ListBucket"},
	"s3:SelectObjectContent":      {"s3:GetObject"},
	"s3:UploadPart":               {"s3:PutObject"},
	"sqs:DeleteMessageBatch":      {"sqs:DeleteMessage"},
	"sqs:SendMessageBatch":        {"sqs:SendMessage"},
	"sns:PublishBatch":            {"sns:Publish"},
	"states:StartSyncExecution":   {"states:StartSyncExecution"},
}

// onBucket are the actions on a bucket, not on what is in it.
var onBucket = []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:CreateBucket", "s3:DeleteBucket"}

// sdk is what a call of the AWS SDK needs.
func (c *call) sdk() []Statement {
	service := strings.TrimPrefix(c.Type, "aws-sdk:")
	prefix := service
	if p := prefixes[service]; p != "" {
		prefix = p
	}
	action := prefix + ":" + capital(c.Action())
	actions := renamed[action]
	if actions == nil {
		actions = []string{action}
	}
	actions = append([]string(nil), actions...)
	return []Statement{allow(c.sdkResources(prefix, actions), actions...)}
}

// sdkResources are the resources that the arguments of a call name.
func (c *call) sdkResources(prefix string, actions []string) []string {
	has := func(name string) bool { return c.arguments.Has(name) || c.arguments.Has(name+".$") }
	switch {
	case prefix == "s3" && has("Bucket"):
		bucket := "arn:aws:s3:::" + c.or("Bucket")
		for _, a := range onBucket {
			if actions[0] == a {
				return []string{bucket}
			}
		}
		if has("Key") || actions[0] == "s3:DeleteObject" {
			return []string{bucket + "/" + c.or("Key")}
		}
		return []string{bucket}
	case prefix == "dynamodb" && has("TableName"):
		return c.named("TableName", "dynamodb", "table/")
	case prefix == "lambda" && has("FunctionName"):
		return c.function()
	case prefix == "sqs" && has("QueueUrl"):
		return c.queue()
	case prefix == "sns" && has("TopicArn"):
		return []string{c.or("TopicArn")}
	case prefix == "states" && has("StateMachineArn"):
		return c.named("StateMachineArn", "states", "stateMachine:")
	case prefix == "states" && has("ExecutionArn"):
		return []string{c.or("ExecutionArn")}
	case prefix == "secretsmanager" && has("SecretId"):
		name := c.or("SecretId")
		if strings.HasPrefix(name, "arn:") {
			return []string{name}
		}
		return []string{c.arn("secretsmanager", "secret:"+name+"-??????")}
	case prefix == "ssm" && has("Name") && strings.Contains(actions[0], "Parameter"):
		return []string{c.arn("ssm", "parameter/"+strings.TrimPrefix(c.or("Name"), "/"))}
	case prefix == "kms" && has("KeyId"):
		if id := c.or("KeyId"); !strings.HasPrefix(id, "alias/") {
			return c.named("KeyId", "kms", "key/")
		}
		return []string{c.arn("kms", "key/*")}
	case prefix == "kinesis" && has("StreamName"):
		return c.named("StreamName", "kinesis", "stream/")
	case prefix == "firehose" && has("DeliveryStreamName"):
		return c.named("DeliveryStreamName", "firehose", "deliverystream/")
	case prefix == "events" && has("Entries"):
		return c.buses()
	}
	return []string{"*"}
}
