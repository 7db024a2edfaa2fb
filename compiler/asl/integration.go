package asl

// An integration is what one action of an optimised service integration can do.
type integration struct {
	sync, sync2, token bool
	// needs are the arguments that the service asks for. Names with "|" between
	// them are alternatives.
	needs []string
}

func plain(needs ...string) integration { return integration{needs: needs} }
func job(needs ...string) integration   { return integration{sync: true, needs: needs} }
func callback(needs ...string) integration {
	return integration{token: true, needs: needs}
}

// integrations are the optimised service integrations with the patterns that
// each has beside request and response.
var integrations = map[string]map[string]integration{
	"apigateway": {"invoke": callback("ApiEndpoint", "Method")},
	"athena": {
		"startQueryExecution": job("QueryString"), "stopQueryExecution": plain("QueryExecutionId"),
		"getQueryExecution": plain("QueryExecutionId"), "getQueryResults": plain("QueryExecutionId"),
	},
	"batch": {"submitJob": job("JobName", "JobQueue", "JobDefinition")},
	"bedrock": {
		"invokeModel":                 callback("ModelId"),
		"createModelCustomizationJob": job("BaseModelIdentifier", "CustomModelName", "JobName", "RoleArn"),
	},
	"codebuild": {
		"startBuild": job("ProjectName"), "stopBuild": plain("Id"), "batchDeleteBuilds": plain("Ids"),
		"batchGetReports": plain("ReportArns"), "startBuildBatch": job("ProjectName"), "stopBuildBatch": plain("Id"),
		"retryBuildBatch": job(), "deleteBuildBatch": plain("Id"),
	},
	"databrew": {"startJobRun": job("Name")},
	"dynamodb": {
		"getItem": plain("TableName", "Key"), "putItem": plain("TableName", "Item"),
		"updateItem": plain("TableName", "Key"), "deleteItem": plain("TableName", "Key"),
	},
	"ecs": {"runTask": {sync: true, token: true, needs: []string{"TaskDefinition"}}},
	"eks": {
		"createCluster": job("Name", "RoleArn", "ResourcesVpcConfig"), "deleteCluster": job("Name"),
		"createFargateProfile": job("ClusterName", "FargateProfileName", "PodExecutionRoleArn"),
		"deleteFargateProfile": job("ClusterName", "FargateProfileName"),
		"createNodegroup":      job("ClusterName", "NodegroupName", "NodeRole", "Subnets"),
		"deleteNodegroup":      job("ClusterName", "NodegroupName"),
		"runJob":               job("ClusterName", "CertificateAuthority", "Endpoint", "Job"),
		"call":                 plain("ClusterName", "CertificateAuthority", "Endpoint", "Method", "Path"),
	},
	"elasticmapreduce": {
		"createCluster": job("Name"), "setClusterTerminationProtection": plain("ClusterId", "TerminationProtected"),
		"terminateCluster": job("ClusterId"), "addStep": job("ClusterId", "Step"), "cancelStep": plain("ClusterId", "StepId"),
		"modifyInstanceFleetByName": plain("ClusterId", "InstanceFleetName"),
		"modifyInstanceGroupByName": plain("ClusterId", "InstanceGroupName"),
	},
	"emr-containers": {
		"createVirtualCluster": plain("Name", "ContainerProvider"), "deleteVirtualCluster": job("Id"),
		"startJobRun": job("VirtualClusterId", "ExecutionRoleArn"),
	},
	"emr-serverless": {
		"createApplication": job("ReleaseLabel", "Type"), "startApplication": job("ApplicationId"),
		"stopApplication": job("ApplicationId"), "deleteApplication": job("ApplicationId"),
		"startJobRun": job("ApplicationId", "ExecutionRoleArn"), "cancelJobRun": job("ApplicationId", "JobRunId"),
	},
	"events":       {"putEvents": callback("Entries")},
	"glue":         {"startJobRun": job("JobName")},
	"http":         {"invoke": plain("ApiEndpoint", "Method", "Authentication|InvocationConfig")},
	"lambda":       {"invoke": callback("FunctionName")},
	"mediaconvert": {"createJob": job("Role", "Settings")},
	"sagemaker": {
		"createEndpoint": plain("EndpointName", "EndpointConfigName"), "createEndpointConfig": plain("EndpointConfigName", "ProductionVariants"),
		"createHyperParameterTuningJob": job("HyperParameterTuningJobName", "HyperParameterTuningJobConfig"),
		"createLabelingJob":             job("LabelingJobName", "LabelAttributeName", "InputConfig", "OutputConfig", "RoleArn", "HumanTaskConfig"),
		"createModel":                   plain("ModelName"), "createProcessingJob": job("ProcessingJobName", "ProcessingResources", "AppSpecification", "RoleArn"),
		"createTrainingJob":  job("TrainingJobName", "AlgorithmSpecification", "RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition"),
		"createTransformJob": job("TransformJobName", "ModelName", "TransformInput", "TransformOutput", "TransformResources"),
		"updateEndpoint":     plain("EndpointName", "EndpointConfigName"),
	},
	"sns":    {"publish": callback("Message", "TopicArn|TargetArn|PhoneNumber")},
	"sqs":    {"sendMessage": callback("QueueUrl", "MessageBody")},
	"states": {"startExecution": {sync: true, sync2: true, token: true, needs: []string{"StateMachineArn"}}},
}

// sdkServices are services that the AWS SDK integrations have. The list is not
// complete; it is there to tell a slip of the pen.
var sdkServices = []string{
	"accessanalyzer", "acm", "acmpca", "amp", "amplify", "apigateway", "apigatewaymanagementapi", "apigatewayv2", "appconfig",
	"appflow", "applicationautoscaling", "applicationinsights", "appmesh", "apprunner", "appsync", "athena", "auditmanager",
	"autoscaling", "backup", "batch", "bedrock", "bedrockagent", "bedrockagentruntime", "bedrockruntime", "billingconductor",
	"braket", "budgets", "chime", "cloud9", "clouddirectory", "cloudformation", "cloudfront", "cloudhsmv2", "cloudsearch",
	"cloudtrail", "cloudwatch", "cloudwatchevents", "cloudwatchlogs", "codeartifact", "codebuild", "codecommit", "codedeploy",
	"codeguruprofiler", "codegurureviewer", "codepipeline", "codestar", "cognitoidentity", "cognitoidentityprovider",
	"cognitosync", "comprehend", "comprehendmedical", "computeoptimizer", "config", "connect", "connectparticipant",
	"costandusagereport", "costexplorer", "customerprofiles", "databasemigration", "databrew", "dataexchange", "datapipeline",
	"datasync", "datazone", "dax", "detective", "devicefarm", "devopsguru", "directconnect", "directory", "dlm", "docdb",
	"dynamodb", "dynamodbstreams", "ebs", "ec2", "ecr", "ecrpublic", "ecs", "efs", "eks", "elasticache", "elasticbeanstalk",
	"elasticloadbalancing", "elasticloadbalancingv2", "elasticsearch", "elastictranscoder", "emr", "emrcontainers",
	"emrserverless", "entityresolution", "eventbridge", "finspace", "firehose", "fis", "fms", "forecast", "forecastquery",
	"frauddetector", "fsx", "gamelift", "glacier", "globalaccelerator", "glue", "grafana", "greengrass", "greengrassv2",
	"groundstation", "guardduty", "health", "healthlake", "iam", "identitystore", "imagebuilder", "inspector", "inspector2",
	"iot", "iotanalytics", "iotdataplane", "iotevents", "iotsitewise", "ivs", "kafka", "kafkaconnect", "kendra", "keyspaces",
	"kinesis", "kinesisanalytics", "kinesisanalyticsv2", "kinesisvideo", "kms", "lakeformation", "lambda", "lexmodelbuilding",
	"lexmodelsv2", "lexruntime", "lexruntimev2", "licensemanager", "lightsail", "location", "lookoutequipment",
	"lookoutmetrics", "lookoutvision", "machinelearning", "macie2", "managedblockchain", "marketplacecatalog", "mediaconnect",
	"mediaconvert", "medialive", "mediapackage", "mediastore", "mediatailor", "memorydb", "mgn", "migrationhub", "mq", "mwaa",
	"neptune", "neptunedata", "networkfirewall", "networkmanager", "omics", "opensearch", "opensearchserverless", "opsworks",
	"organizations", "outposts", "panorama", "personalize", "personalizeevents", "personalizeruntime", "pi", "pinpoint",
	"pinpointemail", "pinpointsmsvoicev2", "pipes", "polly", "pricing", "proton", "qldb", "quicksight", "ram", "rds",
	"rdsdata", "redshift", "redshiftdata", "redshiftserverless", "rekognition", "resiliencehub", "resourceexplorer2",
	"resourcegroups", "resourcegroupstaggingapi", "robomaker", "route53", "route53domains", "route53resolver", "s3",
	"s3control", "s3outposts", "sagemaker", "sagemakera2iruntime", "sagemakerfeaturestoreruntime", "sagemakergeospatial",
	"sagemakerruntime", "savingsplans", "scheduler", "schemas", "secretsmanager", "securityhub", "securitylake",
	"serverlessapplicationrepository", "servicecatalog", "servicediscovery", "servicequotas", "ses", "sesv2", "sfn", "shield",
	"signer", "sms", "snowball", "sns", "sqs", "ssm", "ssmcontacts", "ssmincidents", "sso", "ssoadmin", "storagegateway", "sts",
	"support", "swf", "synthetics", "textract", "timestreamquery", "timestreamwrite", "transcribe", "transfer", "translate",
	"voiceid", "waf", "wafregional", "wafv2", "wellarchitected", "wisdom", "workdocs", "workmail", "workspaces", "xray",
}
