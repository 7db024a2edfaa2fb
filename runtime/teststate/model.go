package teststate

import (
	"embed"
	"slices"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// models are AWS's models of what services answer, made by model/distill.py.
// A file has a line for each operation, its name and the type of its output, and
// a line for each type that has a name, which begins with a dot:
//
//	GetFunction .GetFunctionResponse
//	.GetFunctionResponse structure Configuration:.FunctionConfiguration …
//	.MemorySize integer 128..10240
//
// The name of a required member ends in "!". Names are written as Step Functions
// writes them, with a capital letter first.
//
//go:embed model/*.txt
var models embed.FS

// A model is what one service answers.
type model map[string][]string // name of an operation or of a type to its description

// readModel reads the model of a service by its name in aws-sdk resources; it is
// nil when there is none.
func readModel(service string) model {
	text, err := models.ReadFile("model/" + service + ".txt")
	if err != nil {
		return nil
	}
	m := model{}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] != "#" {
			m[fields[0]] = fields[1:]
		}
	}
	return m
}

// services are the optimised integrations whose names are not those of the
// service.
var services = map[string]string{
	"states": "sfn", "events": "eventbridge", "elasticmapreduce": "emr",
	"emr-containers": "emrcontainers", "emr-serverless": "emrserverless", "bedrock": "bedrockruntime",
}

// polled are the operations that tell whether the job of a .sync integration is
// done: what its result is taken from.
var polled = map[string]string{
	"athena:startQueryExecution":              "GetQueryExecution",
	"batch:submitJob":                         "DescribeJobs",
	"bedrock:createModelCustomizationJob":     "GetModelCustomizationJob",
	"codebuild:startBuild":                    "BatchGetBuilds",
	"codebuild:startBuildBatch":               "BatchGetBuildBatches",
	"databrew:startJobRun":                    "DescribeJobRun",
	"ecs:runTask":                             "DescribeTasks",
	"elasticmapreduce:addStep":                "DescribeStep",
	"elasticmapreduce:createCluster":          "DescribeCluster",
	"elasticmapreduce:terminateCluster":       "DescribeCluster",
	"emr-containers:createVirtualCluster":     "DescribeVirtualCluster",
	"emr-containers:deleteVirtualCluster":     "DescribeVirtualCluster",
	"emr-containers:startJobRun":              "DescribeJobRun",
	"emr-serverless:createApplication":        "GetApplication",
	"emr-serverless:deleteApplication":        "GetApplication",
	"emr-serverless:startApplication":         "GetApplication",
	"emr-serverless:startJobRun":              "GetJobRun",
	"emr-serverless:stopApplication":          "GetApplication",
	"glue:startJobRun":                        "GetJobRun",
	"mediaconvert:createJob":                  "GetJob",
	"sagemaker:createHyperParameterTuningJob": "DescribeHyperParameterTuningJob",
	"sagemaker:createLabelingJob":             "DescribeLabelingJob",
	"sagemaker:createProcessingJob":           "DescribeProcessingJob",
	"sagemaker:createTrainingJob":             "DescribeTrainingJob",
	"sagemaker:createTransformJob":            "DescribeTransformJob",
	"states:startExecution":                   "DescribeExecution",
}

// output finds the model and the type of what a task's call answers; the model
// is nil when it is not known. What a task token brings is not known, nor what a
// function or an HTTP endpoint answers.
func output(r *graph.Resource) (model, string) {
	if r.Kind != graph.Service || r.Pattern == graph.Callback {
		return nil, ""
	}
	name, sdk := strings.CutPrefix(r.Type, "aws-sdk:")
	if !sdk && services[name] != "" {
		name = services[name]
	}
	m := readModel(name)
	operation := r.Action()
	if r.Pattern != graph.RequestResponse {
		operation = polled[r.Type+":"+operation]
	}
	if operation == "" || m == nil {
		return nil, ""
	}
	described := m[strings.ToUpper(operation[:1])+operation[1:]]
	if len(described) == 0 {
		return nil, ""
	}
	return m, described[0]
}

// checkModel refuses a result that is not what the API answers. Missing members
// are refused only when that is strict.
func checkModel(r *graph.Resource, result value.Value, strict bool) error {
	m, typ := output(r)
	if m == nil {
		return nil
	}
	c := &checker{model: m, strict: strict, payload: r.Type == "lambda"}
	return c.check(typ, "", result)
}

// A checker compares a result with a model.
type checker struct {
	model   model
	strict  bool
	payload bool // Payload is JSON, though the API knows it as bytes
}

func (c *checker) fail(field, what string) error {
	return invalid("Mock result schema validation error: Field '%s' %s", field, what)
}

// check compares the value of a field with its type.
func (c *checker) check(typ, field string, v value.Value) error {
	described := []string{typ}
	if strings.HasPrefix(typ, ".") {
		described = c.model[typ]
	}
	if len(described) == 0 || described[0] == "any" || c.payload && field == "Payload" {
		return nil
	}
	rest := described[1:]
	switch kind := described[0]; kind {
	case "structure":
		return c.structure(rest, field, v)
	case "list":
		return c.list(rest, field, v)
	case "map":
		return c.dictionary(rest, field, v)
	case "boolean":
		if v.Kind() != value.KindBool {
			return c.fail(field, "must be a boolean")
		}
	case "integer", "long", "float", "double":
		f, ok := v.Float()
		if !ok {
			return c.fail(field, "must be a number")
		}
		return c.bounds(rest, field, f, "the minimum value", "the maximum value")
	default: // string, blob, timestamp, enum
		s, ok := v.Str()
		if !ok {
			return c.fail(field, "must be a string")
		}
		if kind == "enum" {
			if !slices.Contains(strings.Split(rest[0], "|"), strings.ReplaceAll(s, " ", `\x20`)) {
				return c.fail(field, "is not one of the allowed values")
			}
			return nil
		}
		return c.bounds(rest, field, float64(len([]rune(s))), "the minimum length", "the maximum length")
	}
	return nil
}

func (c *checker) structure(members []string, field string, v value.Value) error {
	if v.Kind() != value.KindObject {
		return c.fail(field, "must be an object")
	}
	for _, member := range members {
		name, typ, _ := strings.Cut(member, ":")
		name, required := strings.CutSuffix(name, "!")
		got := v.Get(name)
		switch {
		case !got.IsUndefined():
			if err := c.check(typ, name, got); err != nil {
				return err
			}
		case required && c.strict:
			return invalid("Mock result schema validation error: Required field '%s' is missing", name)
		}
	}
	return nil
}

func (c *checker) list(described []string, field string, v value.Value) error {
	if v.Kind() != value.KindList {
		return c.fail(field, "must be an array")
	}
	for _, item := range v.Items() {
		if err := c.check(described[0], field, item); err != nil {
			return err
		}
	}
	return c.bounds(described[1:], field, float64(v.Len()), "the minimum length", "the maximum length")
}

func (c *checker) dictionary(described []string, field string, v value.Value) error {
	if v.Kind() != value.KindObject {
		return c.fail(field, "must be an object")
	}
	for _, m := range v.Members() {
		if err := c.check(described[0], m.Key, m.Value); err != nil {
			return err
		}
	}
	return c.bounds(described[1:], field, float64(v.Len()), "the minimum length", "the maximum length")
}

// bounds compares a number with bounds such as 1..64; a missing one is "-".
func (c *checker) bounds(described []string, field string, n float64, least, most string) error {
	if len(described) == 0 {
		return nil
	}
	low, high, _ := strings.Cut(described[0], "..")
	if f, err := strconv.ParseFloat(low, 64); err == nil && n < f {
		return c.fail(field, "is less than "+least)
	}
	if f, err := strconv.ParseFloat(high, 64); err == nil && n > f {
		return c.fail(field, "exceeds "+most)
	}
	return nil
}
