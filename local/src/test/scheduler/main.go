// A stand-in for the Dapr scheduler, for tests: it speaks the scheduler's own protocol to real sidecars, where the real one is
// not to be had, and does wrong when it is told to. One-shot jobs of apps only. Started like the real one (./run does, by
// SANDGLASS_SCHEDULER); flags it does not know are ignored.
//
//	--port            where sidecars find it
//	--healthz-port    GET /healthz, GET /jobs, POST /fault, POST /lose
//	--etcd-data-dir   where it keeps its jobs
//
// POST /fault?late=2s&repeat=2&forget=1&refuse=1 sets how it does wrong from now on, each with its default again where it is not
// named: late fires so much after time, repeat fires so many times, forget takes jobs and does nothing, refuse takes none.
// POST /lose forgets all jobs there are.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	pb "github.com/dapr/dapr/pkg/proto/scheduler/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

type fault struct {
	Late   time.Duration
	Repeat int
	Forget bool
	Refuse bool
}

// A job with its timer. tries counts failures.
type job struct {
	request *pb.ScheduleJobRequest
	due     time.Time
	tries   uint32
	timer   *time.Timer
}

// A sidecar that watches for jobs of its app.
type watcher struct {
	initial *pb.WatchJobsRequestInitial
	send    chan *pb.WatchJobsResponse
	gone    <-chan struct{}
}

type scheduler struct {
	pb.UnimplementedSchedulerServer
	address string
	dir     string

	mu       sync.Mutex
	fault    fault
	jobs     map[string]*job
	staged   map[string]bool
	watchers map[*watcher]bool
	waiting  map[uint64]chan pb.WatchJobsRequestResultStatus
	lastID   uint64
}

func key(name string, of *pb.JobMetadata) string {
	return of.GetNamespace() + "|" + of.GetAppId() + "|" + name
}

func (s *scheduler) file(key string) string {
	return filepath.Join(s.dir, url.QueryEscape(key)+".job")
}

// due reads what a sidecar sends: RFC 3339 or a duration from now.
func due(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	in, err := time.ParseDuration(text)
	return time.Now().Add(in), err
}

func (s *scheduler) ScheduleJob(_ context.Context, request *pb.ScheduleJobRequest) (*pb.ScheduleJobResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault.Refuse {
		return nil, status.Error(codes.Unavailable, "told to refuse")
	}
	if request.GetJob().Schedule != nil || request.GetMetadata().GetTarget().GetActor() != nil {
		return nil, status.Error(codes.Unimplemented, "one-shot jobs of apps only")
	}
	at, err := due(request.GetJob().GetDueTime())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	key := key(request.GetName(), request.GetMetadata())
	if s.jobs[key] != nil && !request.GetOverwrite() {
		return nil, status.Error(codes.AlreadyExists, "there is a job "+request.GetName())
	}
	if s.fault.Forget {
		return &pb.ScheduleJobResponse{}, nil
	}
	// Kept with the instant, so that a duration does not begin anew after a restart.
	text := at.Format(time.RFC3339Nano)
	request.Job.DueTime = &text
	kept, err := proto.Marshal(request)
	if err == nil {
		err = os.WriteFile(s.file(key), kept, 0o600)
	}
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	s.drop(key, false)
	s.take(key, &job{request: request, due: at})
	return &pb.ScheduleJobResponse{}, nil
}

// take sets the timer of a job; s.mu is held.
func (s *scheduler) take(key string, j *job) {
	s.jobs[key] = j
	j.timer = time.AfterFunc(time.Until(j.due)+s.fault.Late, func() { s.fire(key, j) })
}

// drop forgets a job; s.mu is held.
func (s *scheduler) drop(key string, file bool) {
	if j := s.jobs[key]; j != nil {
		j.timer.Stop()
		delete(s.jobs, key)
		delete(s.staged, key)
	}
	if file {
		_ = os.Remove(s.file(key))
	}
}

// fire hands a job to a sidecar of its app. Where there is none, or it goes away meanwhile, the job waits for the next.
func (s *scheduler) fire(key string, j *job) {
	s.mu.Lock()
	if s.jobs[key] != j {
		s.mu.Unlock()
		return
	}
	var to *watcher
	for w := range s.watchers {
		if w.initial.GetAppId() == j.request.GetMetadata().GetAppId() &&
			w.initial.GetNamespace() == j.request.GetMetadata().GetNamespace() && wantsJobs(w.initial) {
			to = w
		}
	}
	if to == nil {
		s.staged[key] = true
		s.mu.Unlock()
		return
	}
	times := max(1, s.fault.Repeat)
	s.mu.Unlock()

	for range times {
		s.mu.Lock()
		s.lastID++
		id := s.lastID
		result := make(chan pb.WatchJobsRequestResultStatus, 1)
		s.waiting[id] = result
		s.mu.Unlock()
		trigger := &pb.WatchJobsResponse{
			Name: j.request.GetName(), Id: id, Data: j.request.GetJob().GetData(), Metadata: j.request.GetMetadata(),
		}
		answer := pb.WatchJobsRequestResultStatus_FAILED
		undelivered := false
		select {
		case to.send <- trigger:
			select {
			case answer = <-result:
			case <-to.gone:
				undelivered = true
			}
		case <-to.gone:
			undelivered = true
		}
		s.mu.Lock()
		delete(s.waiting, id)
		if s.jobs[key] != j {
			s.mu.Unlock()
			return
		}
		if undelivered {
			s.staged[key] = true
			s.mu.Unlock()
			s.wake()
			return
		}
		if answer == pb.WatchJobsRequestResultStatus_FAILED {
			s.again(key, j)
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs[key] == j {
		s.drop(key, true)
	}
}

// again follows the failure policy, Dapr's default where there is none: a second between, three times; s.mu is held.
func (s *scheduler) again(key string, j *job) {
	interval, most := time.Second, uint32(3)
	if policy := j.request.GetJob().GetFailurePolicy(); policy != nil {
		if policy.GetDrop() != nil {
			most = 0
		} else if constant := policy.GetConstant(); constant != nil {
			interval = constant.GetInterval().AsDuration()
			most = ^uint32(0)
			if constant.MaxRetries != nil {
				most = constant.GetMaxRetries()
			}
		}
	}
	if j.tries >= most {
		s.drop(key, true)
		return
	}
	j.tries++
	j.timer = time.AfterFunc(interval, func() { s.fire(key, j) })
}

func wantsJobs(initial *pb.WatchJobsRequestInitial) bool {
	types := initial.GetAcceptJobTypes()
	for _, one := range types {
		if one == pb.JobTargetType_JOB_TARGET_TYPE_JOB {
			return true
		}
	}
	return len(types) == 0
}

// wake fires what waited for a sidecar.
func (s *scheduler) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.staged {
		delete(s.staged, key)
		if j := s.jobs[key]; j != nil {
			go s.fire(key, j)
		}
	}
}

func (s *scheduler) WatchHosts(_ *pb.WatchHostsRequest, stream pb.Scheduler_WatchHostsServer) error {
	if err := stream.Send(&pb.WatchHostsResponse{Hosts: []*pb.Host{{Address: s.address}}}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}

func (s *scheduler) WatchJobs(stream pb.Scheduler_WatchJobsServer) error {
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	if first.GetInitial() == nil {
		return status.Error(codes.InvalidArgument, "who are you?")
	}
	w := &watcher{first.GetInitial(), make(chan *pb.WatchJobsResponse), stream.Context().Done()}
	s.mu.Lock()
	s.watchers[w] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.watchers, w)
		s.mu.Unlock()
	}()
	go s.wake()
	go func() {
		for {
			message, err := stream.Recv()
			if err != nil {
				return
			}
			if result := message.GetResult(); result != nil {
				s.mu.Lock()
				waiting := s.waiting[result.GetId()]
				s.mu.Unlock()
				if waiting != nil {
					waiting <- result.GetStatus()
				}
			}
		}
	}()
	for {
		select {
		case trigger := <-w.send:
			if err := stream.Send(trigger); err != nil {
				return err
			}
		case <-w.gone:
			return nil
		}
	}
}

func (s *scheduler) GetJob(_ context.Context, request *pb.GetJobRequest) (*pb.GetJobResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[key(request.GetName(), request.GetMetadata())]
	if j == nil {
		return nil, status.Error(codes.NotFound, "no job "+request.GetName())
	}
	return &pb.GetJobResponse{Job: j.request.GetJob()}, nil
}

func (s *scheduler) DeleteJob(_ context.Context, request *pb.DeleteJobRequest) (*pb.DeleteJobResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(key(request.GetName(), request.GetMetadata()), true)
	return &pb.DeleteJobResponse{}, nil
}

func (s *scheduler) DeleteByMetadata(_ context.Context, request *pb.DeleteByMetadataRequest) (*pb.DeleteByMetadataResponse, error) {
	s.dropAll(key("", request.GetMetadata()))
	return &pb.DeleteByMetadataResponse{}, nil
}

func (s *scheduler) DeleteByNamePrefix(_ context.Context, request *pb.DeleteByNamePrefixRequest) (*pb.DeleteByNamePrefixResponse, error) {
	s.dropAll(key(request.GetNamePrefix(), request.GetMetadata()))
	return &pb.DeleteByNamePrefixResponse{}, nil
}

func (s *scheduler) dropAll(prefix string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.jobs {
		if strings.HasPrefix(key, prefix) {
			s.drop(key, true)
		}
	}
}

func (s *scheduler) ListJobs(_ context.Context, request *pb.ListJobsRequest) (*pb.ListJobsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var jobs []*pb.NamedJob
	for k, j := range s.jobs {
		if strings.HasPrefix(k, key("", request.GetMetadata())) {
			jobs = append(jobs, &pb.NamedJob{
				Name: j.request.GetName(), Metadata: j.request.GetMetadata(), Job: j.request.GetJob(),
			})
		}
	}
	return &pb.ListJobsResponse{Jobs: jobs}, nil
}

// load takes up what was kept; what came due meanwhile fires at once.
func (s *scheduler) load() error {
	files, err := filepath.Glob(filepath.Join(s.dir, "*.job"))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, file := range files {
		kept, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		request := &pb.ScheduleJobRequest{}
		if err := proto.Unmarshal(kept, request); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		at, err := due(request.GetJob().GetDueTime())
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		s.take(key(request.GetName(), request.GetMetadata()), &job{request: request, due: at})
	}
	return nil
}

// control is how tests tell it to do wrong.
func (s *scheduler) control() http.Handler {
	paths := http.NewServeMux()
	paths.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	paths.HandleFunc("POST /fault", func(answer http.ResponseWriter, request *http.Request) {
		asked := request.URL.Query()
		late, lateErr := time.ParseDuration(or(asked.Get("late"), "0s"))
		repeat, repeatErr := strconv.Atoi(or(asked.Get("repeat"), "1"))
		forget, forgetErr := strconv.ParseBool(or(asked.Get("forget"), "0"))
		refuse, refuseErr := strconv.ParseBool(or(asked.Get("refuse"), "0"))
		if err := errors.Join(lateErr, repeatErr, forgetErr, refuseErr); err != nil {
			http.Error(answer, err.Error(), http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.fault = fault{late, repeat, forget, refuse}
		for key, j := range s.jobs {
			// Jobs there are obey it too, but for those on their way.
			if j.timer.Stop() {
				s.take(key, j)
			}
		}
	})
	paths.HandleFunc("POST /lose", func(http.ResponseWriter, *http.Request) { s.dropAll("") })
	return paths
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func main() {
	flags := map[string]string{
		"listen-address": "127.0.0.1", "port": "50006", "healthz-port": "8080", "etcd-data-dir": "./data",
	}
	for _, arg := range os.Args[1:] {
		if name, value, ok := strings.Cut(strings.TrimLeft(arg, "-"), "="); ok {
			flags[name] = value
		}
	}
	address := net.JoinHostPort(flags["listen-address"], flags["port"])
	s := &scheduler{
		address:  or(flags["override-broadcast-host-port"], address),
		dir:      filepath.Join(flags["etcd-data-dir"], "stand-in"),
		jobs:     map[string]*job{},
		staged:   map[string]bool{},
		watchers: map[*watcher]bool{},
		waiting:  map[uint64]chan pb.WatchJobsRequestResultStatus{},
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		log.Fatal(err)
	}
	if err := s.load(); err != nil {
		log.Fatal(err)
	}
	control := net.JoinHostPort(flags["listen-address"], flags["healthz-port"])
	go func() { log.Fatal(http.ListenAndServe(control, s.control())) }()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	pb.RegisterSchedulerServer(server, s)
	log.Printf("a stand-in for the Dapr scheduler listens at %s, told what to do at %s", address, control)
	log.Fatal(server.Serve(listener))
}
