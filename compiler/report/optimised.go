package report

import (
	"cmp"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// jobs are the actions by which a .sync integration follows its job, and stops
// it when the execution ends. The actions in rules are for the rule of
// EventBridge by which Step Functions hears of the end.
var jobs = map[string]struct {
	follow []string
	rule   string
}{
	"athena:startQueryExecution":          {[]string{"athena:GetQueryExecution", "athena:StopQueryExecution"}, ""},
	"batch:submitJob":                     {[]string{"batch:DescribeJobs", "batch:TerminateJob"}, "StepFunctionsGetEventsForBatchJobsRule"},
	"bedrock:createModelCustomizationJob": {[]string{"bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"}, ""},
	"codebuild:startBuild":                {[]string{"codebuild:BatchGetBuilds", "codebuild:StopBuild"}, "StepFunctionsGetEventForCodeBuildStartBuildRule"},
	"codebuild:startBuildBatch":           {[]string{"codebuild:BatchGetBuildBatches", "codebuild:StopBuildBatch"}, "StepFunctionsGetEventForCodeBuildStartBuildBatchRule"},
	"databrew:startJobRun":                {[]string{"databrew:ListJobRuns", "databrew:StopJobRun"}, ""},
	"ecs:runTask":                         {[]string{"ecs:DescribeTasks", "ecs:StopTask"}, "StepFunctionsGetEventsForECSTaskRule"},
	"eks:createCluster":                   {[]string{"eks:DescribeCluster", "eks:DeleteCluster"}, ""},
	"eks:deleteCluster":                   {[]string{"eks:DescribeCluster"}, ""},
	"eks:createNodegroup":                 {[]string{"eks:DescribeNodegroup", "eks:DeleteNodegroup"}, ""},
	"eks:deleteNodegroup":                 {[]string{"eks:DescribeNodegroup"}, ""},
	"eks:createFargateProfile":            {[]string{"eks:DescribeFargateProfile", "eks:DeleteFargateProfile"}, ""},
	"eks:deleteFargateProfile":            {[]string{"eks:DescribeFargateProfile"}, ""},
	"elasticmapreduce:createCluster":      {[]string{"elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"}, "StepFunctionsGetEventForEMRRunJobFlowRule"},
	"elasticmapreduce:terminateCluster":   {[]string{"elasticmapreduce:DescribeCluster"}, "StepFunctionsGetEventForEMRTerminateJobFlowsRule"},
	"elasticmapreduce:addStep":            {[]string{"elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"}, "StepFunctionsGetEventForEMRAddJobFlowStepsRule"},
	"emr-containers:deleteVirtualCluster": {[]string{"emr-containers:DescribeVirtualCluster"}, ""},
	"emr-containers:startJobRun":          {[]string{"emr-containers:DescribeJobRun", "emr-containers:CancelJobRun"}, ""},
	"emr-serverless:createApplication":    {[]string{"emr-serverless:GetApplication", "emr-serverless:DeleteApplication"}, "StepFunctionsGetEventsForEMRServerlessApplicationRule"},
	"emr-serverless:deleteApplication":    {[]string{"emr-serverless:GetApplication"}, "StepFunctionsGetEventsForEMRServerlessApplicationRule"},
	"emr-serverless:startApplication":     {[]string{"emr-serverless:GetApplication", "emr-serverless:StopApplication"}, "StepFunctionsGetEventsForEMRServerlessApplicationRule"},
	"emr-serverless:stopApplication":      {[]string{"emr-serverless:GetApplication"}, "StepFunctionsGetEventsForEMRServerlessApplicationRule"},
	"emr-serverless:startJobRun":          {[]string{"emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"}, "StepFunctionsGetEventsForEMRServerlessJobRule"},
	"glue:startJobRun":                    {[]string{"glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns"}, ""},
	"mediaconvert:createJob":              {[]string{"mediaconvert:CancelJob", "mediaconvert:GetJob"}, "StepFunctionsGetEventsForMediaConvertJobRule"},
	"sagemaker:createTrainingJob":         {[]string{"sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"}, "StepFunctionsGetEventsForSageMakerTrainingJobsRule"},
	"sagemaker:createTransformJob":        {[]string{"sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"}, "StepFunctionsGetEventsForSageMakerTransformJobsRule"},
	"sagemaker:createHyperParameterTuningJob": {[]string{"sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"},
		"StepFunctionsGetEventsForSageMakerTuningJobsRule"},
	"sagemaker:createLabelingJob":   {[]string{"sagemaker:DescribeLabelingJob", "sagemaker:StopLabelingJob"}, "StepFunctionsGetEventsForSageMakerLabelingJobsRule"},
	"sagemaker:createProcessingJob": {[]string{"sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"}, "StepFunctionsGetEventsForSageMakerProcessingJobsRule"},
	"states:startExecution":         {[]string{"states:DescribeExecution", "states:StopExecution"}, "StepFunctionsGetEventsForStepFunctionsExecutionRule"},
}

// passed are the arguments that hold roles which an integration passes on.
var passed = []string{"RoleArn", "Role", "PodExecutionRoleArn", "NodeRole", "ServiceRole", "JobFlowRole"}

// optimised is what an optimised integration needs.
func (c *call) optimised() []Statement {
	var needs []Statement
	switch c.Type {
	case "http":
		return c.http()
	case "apigateway":
		return c.apiGateway()
	}
	needs = append(needs, allow(c.resources(), c.action()))
	if c.Pattern == graph.Sync || c.Pattern == graph.Sync2 {
		needs = append(needs, c.job()...)
	}
	if c.Type == "lambda" || c.Type == "states" || c.Type == "dynamodb" {
		return needs
	}
	for _, argument := range passed {
		if role := c.text(argument); strings.Contains(role, ":role/") {
			needs = append(needs, allow([]string{role}, "iam:PassRole"))
		}
	}
	if c.Type == "ecs" { // the roles stand in the task definition
		needs = append(needs, allow([]string{"*"}, "iam:PassRole"))
	}
	return needs
}

// action is the IAM action of an optimised integration.
func (c *call) action() string {
	name := c.Action()
	switch c.Type + ":" + name {
	case "lambda:invoke":
		return "lambda:InvokeFunction"
	case "elasticmapreduce:createCluster":
		return "elasticmapreduce:RunJobFlow"
	case "elasticmapreduce:terminateCluster":
		return "elasticmapreduce:TerminateJobFlows"
	case "elasticmapreduce:addStep":
		return "elasticmapreduce:AddJobFlowSteps"
	case "elasticmapreduce:cancelStep":
		return "elasticmapreduce:CancelSteps"
	case "elasticmapreduce:setClusterTerminationProtection":
		return "elasticmapreduce:SetTerminationProtection"
	case "elasticmapreduce:modifyInstanceFleetByName":
		return "elasticmapreduce:ModifyInstanceFleet"
	case "elasticmapreduce:modifyInstanceGroupByName":
		return "elasticmapreduce:ModifyInstanceGroups"
	case "eks:call", "eks:runJob":
		return "eks:AccessKubernetesApi"
	}
	return c.Type + ":" + capital(name)
}

// resources are those of an optimised integration.
func (c *call) resources() []string {
	switch c.Type {
	case "lambda":
		return c.function()
	case "sns":
		return []string{cmp.Or(c.text("TopicArn"), c.text("TargetArn"), "*")}
	case "sqs":
		return c.queue()
	case "dynamodb":
		return c.named("TableName", "dynamodb", "table/")
	case "events":
		return c.buses()
	case "states":
		return c.named("StateMachineArn", "states", "stateMachine:")
	case "glue":
		return c.named("JobName", "glue", "job/")
	case "codebuild":
		return c.named("ProjectName", "codebuild", "project/")
	case "databrew":
		return c.named("Name", "databrew", "job/")
	case "bedrock":
		if id := c.text("ModelId"); id != "" && !strings.HasPrefix(id, "arn:") {
			return []string{"arn:aws:bedrock:" + cmp.Or(c.Region, "*") + "::foundation-model/" + id}
		}
		return []string{c.or("ModelId")}
	case "batch":
		return append(c.named("JobQueue", "batch", "job-queue/"), c.named("JobDefinition", "batch", "job-definition/")...)
	case "ecs":
		return c.named("TaskDefinition", "ecs", "task-definition/")
	}
	return []string{"*"}
}

// function is the ARN of the Lambda function.
func (c *call) function() []string {
	arn := c.named("FunctionName", "lambda", "function:")[0]
	if q := c.text("Qualifier"); q != "" {
		arn += ":" + q
	}
	return []string{arn}
}

// queue is the ARN of a queue, from https://sqs.REGION.amazonaws.com/ACCOUNT/NAME.
func (c *call) queue() []string {
	parts := strings.Split(c.text("QueueUrl"), "/")
	if len(parts) < 5 {
		return []string{c.arn("sqs", "*")}
	}
	region := cmp.Or(c.Region, "*")
	if host := strings.Split(parts[2], "."); len(host) > 2 && host[0] == "sqs" {
		region = host[1]
	}
	return []string{"arn:aws:sqs:" + region + ":" + parts[3] + ":" + parts[4]}
}

// buses are the ARNs of the event buses.
func (c *call) buses() []string {
	var list []string
	for _, entry := range c.arguments.Get("Entries").Items() {
		e := &call{c.analysis, c.Resource, entry}
		if !entry.Has("EventBusName") && !entry.Has("EventBusName.$") {
			list = append(list, c.arn("events", "event-bus/default"))
			continue
		}
		list = append(list, e.named("EventBusName", "events", "event-bus/")...)
	}
	if list == nil {
		return []string{c.arn("events", "event-bus/*")}
	}
	return list
}

// job is what follows a job to its end.
func (c *call) job() []Statement {
	j, ok := jobs[c.Type+":"+c.Action()]
	if !ok {
		return nil
	}
	on := []string{"*"}
	if c.Type == "states" {
		machine := strings.SplitN(c.named("StateMachineArn", "states", "stateMachine:")[0], ":", 8)
		if len(machine) >= 7 {
			on = []string{strings.Join(machine[:5], ":") + ":execution:" + machine[6] + ":*"}
		}
	}
	needs := []Statement{allow(on, j.follow...)}
	if j.rule != "" {
		needs = append(needs, allow([]string{c.arn("events", "rule/"+j.rule)}, "events:DescribeRule", "events:PutRule", "events:PutTargets"))
	}
	return needs
}

// http is what an HTTP task needs: the connection and its secret.
func (c *call) http() []Statement {
	connection := (&call{c.analysis, c.Resource, firstOf(c.arguments.Get("InvocationConfig"), c.arguments.Get("Authentication"))}).or("ConnectionArn")
	invoke := allow([]string{c.arn("states", "stateMachine:"+cmp.Or(c.Options.Name, "*"))}, "states:InvokeHTTPEndpoint")
	invoke.Condition = map[string]map[string]string{
		"StringEquals": {"states:HTTPMethod": c.or("Method")},
		"StringLike":   {"states:HTTPEndpoint": c.or("ApiEndpoint")},
	}
	if c.text("Method") == "" {
		delete(invoke.Condition, "StringEquals")
	}
	return []Statement{
		invoke,
		allow([]string{connection}, "events:RetrieveConnectionCredentials"),
		allow([]string{c.arn("secretsmanager", "secret:events!connection/*")}, "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
	}
}

// apiGateway is what a call of an API needs when it is signed.
func (c *call) apiGateway() []Statement {
	if auth := c.text("AuthType"); auth == "NO_AUTH" || auth == "RESOURCE_POLICY" || !c.arguments.Has("AuthType") {
		return nil
	}
	id, _, _ := strings.Cut(c.or("ApiEndpoint"), ".")
	path := strings.TrimPrefix(c.or("Path"), "/")
	return []Statement{allow([]string{c.arn("execute-api", id+"/"+c.or("Stage")+"/"+c.or("Method")+"/"+path)}, "execute-api:Invoke")}
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
