module github.com/stepsmith-dev/stepsmith

go 1.26
