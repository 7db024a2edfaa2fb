package standard_test

// The sweeps prove the claims of Standard on a real SQLite file. A process, the
// prey, runs a small workload and writes into a diary what an outsider sees of
// it: handlers that were called, starts and answers that were acknowledged.
//
//   - sweep_kill_test.go: kill -9 at each write and sync system call.
//   - sweep_power_test.go: power loss, by images of the files rebuilt from a
//     trace of the system calls.
//   - sweep_disk_test.go: ENOSPC and EIO at each write and sync, a full disk.
//   - sweep_prey_test.go: the process and its workload.
//   - sweep_check_test.go: the claims, held against the diary and the store.
//
// By default they try a sample. STEPSMITH_SWEEP=full is for all: more than 1,000
// kills and 5,000 images. Bugs that are planted must be found either way.
