package history

// The members of every details object, in the order of AWS's API model.

func (d *Started) fields(w *object) {
	w.data("input", "inputDetails", d.Input)
	w.textIf("roleArn", d.RoleARN)
	w.textIf("stateMachineAliasArn", d.AliasARN)
	w.textIf("stateMachineVersionArn", d.VersionARN)
}

func (d *Output) fields(w *object) { w.data("output", "outputDetails", d.Output) }

func (d *Failure) fields(w *object) {
	w.ref("error", d.Error)
	w.ref("cause", d.Cause)
}

func (d *Entered) fields(w *object) {
	w.text("name", d.Name)
	w.data("input", "inputDetails", d.Input)
}

func (d *Exited) fields(w *object) {
	w.text("name", d.Name)
	w.data("output", "outputDetails", d.Output)
	if len(d.Assigned) == 0 || w.omitData {
		return
	}
	w.key("assignedVariables")
	w.open()
	for _, v := range d.Assigned {
		w.text(v.Name, v.Value.Text())
	}
	w.close()
	w.truncated("assignedVariablesDetails")
}

func (d *Scheduled) fields(w *object) {
	w.text("resourceType", d.ResourceType)
	w.text("resource", d.Resource)
	w.text("region", d.Region)
	if d.Parameters != nil && !w.omitData {
		w.text("parameters", d.Parameters.Text())
	}
	w.numberIf("timeoutInSeconds", d.Timeout)
	w.numberIf("heartbeatInSeconds", d.Heartbeat)
	w.credentials(d.CredentialsRoleARN)
}

func (w *object) credentials(role string) {
	if role == "" {
		return
	}
	w.key("taskCredentials")
	w.open()
	w.text("roleArn", role)
	w.close()
}

func (d *Task) fields(w *object) {
	w.text("resourceType", d.ResourceType)
	w.text("resource", d.Resource)
}

func (d *TaskOutput) fields(w *object) {
	w.text("resourceType", d.ResourceType)
	w.text("resource", d.Resource)
	w.data("output", "outputDetails", d.Output)
}

func (d *TaskFailure) fields(w *object) {
	w.text("resourceType", d.ResourceType)
	w.text("resource", d.Resource)
	w.ref("error", d.Error)
	w.ref("cause", d.Cause)
}

func (d *Invocation) fields(w *object) {
	w.text("resource", d.Resource)
	w.data("input", "inputDetails", d.Input)
	w.numberIf("timeoutInSeconds", d.Timeout)
	w.numberIf("heartbeatInSeconds", d.Heartbeat)
	w.credentials(d.CredentialsRoleARN)
}

func (d *Worker) fields(w *object) { w.textIf("workerName", d.Name) }

func (d *Length) fields(w *object) { w.number("length", int64(d.Length)) }

func (d *Iteration) fields(w *object) {
	w.text("name", d.Name)
	w.number("index", int64(d.Index))
}

func (d *MapRun) fields(w *object) {
	w.text("mapRunArn", d.ARN)
	w.numberIf("redriveCount", int64(d.RedriveCount))
}

func (d *Redrive) fields(w *object) { w.number("redriveCount", int64(d.Count)) }

func (d *Evaluation) fields(w *object) {
	w.text("state", d.State)
	w.textIf("location", d.Location)
	w.text("error", d.Error)
	w.text("cause", d.Cause)
}
