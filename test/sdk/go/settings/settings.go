// Package settings says what the examples work on.
package settings

import (
	"log"
	"os"
)

var (
	URL       = variable("PREDICTD_URL")
	Token     = variable("PREDICTD_TOKEN")
	Source    = variable("EXAMPLE_SOURCE")
	Sink      = variable("EXAMPLE_SINK")
	ModelFile = variable("EXAMPLE_MODEL")
	TaskID    = variable("EXAMPLE_TASK")
)

func variable(name string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("%s is not set", name)
	}
	return value
}
