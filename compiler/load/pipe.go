package load

import "os"

// ends are the two ends of the connection with a program.
type ends struct {
	questions, answers *os.File   // ours
	theirs             []*os.File // where the program reads questions and writes answers
}

func pipes() (*ends, error) {
	readQuestions, questions, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	answers, writeAnswers, err := os.Pipe()
	if err != nil {
		readQuestions.Close()
		questions.Close()
		return nil, err
	}
	return &ends{questions: questions, answers: answers, theirs: []*os.File{readQuestions, writeAnswers}}, nil
}

// started closes our copies of the program's ends: only so do we see that it
// has gone.
func (e *ends) started() {
	for _, f := range e.theirs {
		f.Close()
	}
}

func (e *ends) close() {
	e.questions.Close()
	e.answers.Close()
}
