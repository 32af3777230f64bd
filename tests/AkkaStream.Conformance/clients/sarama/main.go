// sarama, as Debian ships it. Commands in, answers out, one JSON object a line; see README.md one folder up.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/Shopify/sarama"
)

const wait = 30 * time.Second

type record struct {
	P *int32       `json:"p"`
	K []byte       `json:"k"`
	V []byte       `json:"v"`
	H [][2]*string `json:"h"`
	T *int64       `json:"t"`
}

type command struct {
	Do, Servers, Topic, Codec, Group string
	Acks                             int
	Idempotent                       bool
	Partition, Partitions            int32
	Replication                      int16
	Count                            int
	Offset, Time                     int64
	Configs                          map[string]*string
	Records                          []json.RawMessage
}

var servers []string
var client sarama.Client
var admin sarama.ClusterAdmin

func config() *sarama.Config {
	c := sarama.NewConfig()
	c.ClientID = "sarama"
	c.Version = sarama.V2_2_0_0
	c.Producer.Return.Successes = true
	c.Producer.MaxMessageBytes = 20_000_000
	c.Consumer.Fetch.Default = 20_000_000
	c.Consumer.MaxWaitTime = 100 * time.Millisecond
	c.Consumer.Return.Errors = true
	c.Metadata.Retry.Max = 3
	return c
}

func hello(c command) (interface{}, error) {
	servers = []string{c.Servers}
	var err error
	if client, err = sarama.NewClient(servers, config()); err != nil {
		return nil, err
	}
	if admin, err = sarama.NewClusterAdmin(servers, config()); err != nil {
		return nil, err
	}
	return map[string]interface{}{
		"client": "sarama 1.22.1",
		// It writes zstd too, but in a version of Produce that may not carry it.
		"codecs": []string{"none", "gzip", "snappy", "lz4"},
		// Its DescribeConfigs is of version 0, which Kafka 4 does not serve.
		"can": []string{"produce", "consume", "offset", "topics", "create", "grow", "delete", "alter", "idempotent", "group"},
	}, nil
}

// The hash of Java's clients; sarama's own default is another.
type murmur2 struct{ sum uint32 }

func newMurmur2() hash.Hash32     { return &murmur2{} }
func (m *murmur2) Reset()         { m.sum = 0 }
func (m *murmur2) Size() int      { return 4 }
func (m *murmur2) BlockSize() int { return 4 }
func (m *murmur2) Sum32() uint32  { return m.sum }

func (m *murmur2) Sum(b []byte) []byte {
	return append(b, byte(m.sum>>24), byte(m.sum>>16), byte(m.sum>>8), byte(m.sum))
}

func (m *murmur2) Write(data []byte) (int, error) {
	const mul = 0x5bd1e995
	h := uint32(0x9747b28c) ^ uint32(len(data))
	rest := data
	for ; len(rest) >= 4; rest = rest[4:] {
		k := uint32(rest[0]) | uint32(rest[1])<<8 | uint32(rest[2])<<16 | uint32(rest[3])<<24
		k *= mul
		k ^= k >> 24
		h = h*mul ^ k*mul
	}
	switch len(rest) {
	case 3:
		h ^= uint32(rest[2]) << 16
		fallthrough
	case 2:
		h ^= uint32(rest[1]) << 8
		fallthrough
	case 1:
		h = (h ^ uint32(rest[0])) * mul
	}
	h = (h ^ h>>13) * mul
	m.sum = h ^ h>>15
	return len(data), nil
}

type placing struct{ byKey sarama.Partitioner }

// A record that names its partition goes there, others by their key.
func (p placing) Partition(m *sarama.ProducerMessage, count int32) (int32, error) {
	if m.Metadata.(bool) {
		return m.Partition, nil
	}
	return p.byKey.Partition(m, count)
}

func (p placing) RequiresConsistency() bool { return true }

func produce(c command) (interface{}, error) {
	conf := config()
	conf.Producer.RequiredAcks = sarama.RequiredAcks(c.Acks)
	conf.Producer.Compression = map[string]sarama.CompressionCodec{
		"none": sarama.CompressionNone, "gzip": sarama.CompressionGZIP, "snappy": sarama.CompressionSnappy,
		"lz4": sarama.CompressionLZ4, "zstd": sarama.CompressionZSTD, "": sarama.CompressionNone,
	}[c.Codec]
	conf.Producer.Idempotent = c.Idempotent
	if c.Idempotent {
		conf.Net.MaxOpenRequests = 1
	}
	keyed := sarama.NewCustomPartitioner(sarama.WithAbsFirst(), sarama.WithCustomHashFunction(newMurmur2))
	conf.Producer.Partitioner = func(topic string) sarama.Partitioner { return placing{keyed(topic)} }
	producer, err := sarama.NewSyncProducer(servers, conf)
	if err != nil {
		return nil, err
	}
	defer producer.Close()
	messages := []*sarama.ProducerMessage{}
	for _, raw := range c.Records {
		m, err := message(c.Topic, raw)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	if err := producer.SendMessages(messages); err != nil {
		if all, ok := err.(sarama.ProducerErrors); ok {
			return nil, all[0].Err
		}
		return nil, err
	}
	placed := [][2]int64{}
	for _, m := range messages {
		offset := m.Offset
		if c.Acks == 0 {
			offset = -1
		}
		placed = append(placed, [2]int64{int64(m.Partition), offset})
	}
	return placed, nil
}

func message(topic string, raw json.RawMessage) (*sarama.ProducerMessage, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, err
	}
	m := &sarama.ProducerMessage{Topic: topic, Metadata: r.P != nil}
	if r.P != nil {
		m.Partition = *r.P
	}
	if r.T != nil {
		m.Timestamp = time.Unix(*r.T/1000, *r.T%1000*1_000_000)
	}
	if r.K != nil {
		m.Key = sarama.ByteEncoder(r.K)
	}
	if r.V != nil {
		m.Value = sarama.ByteEncoder(r.V)
	}
	for _, h := range r.H {
		header := sarama.RecordHeader{Key: []byte(*h[0])}
		if h[1] != nil {
			value, err := base64.StdEncoding.DecodeString(*h[1])
			if err != nil {
				return nil, err
			}
			header.Value = value
		}
		m.Headers = append(m.Headers, header)
	}
	return m, nil
}

func shown(m *sarama.ConsumerMessage) map[string]interface{} {
	headers := [][2]interface{}{}
	for _, h := range m.Headers {
		headers = append(headers, [2]interface{}{string(h.Key), h.Value})
	}
	return map[string]interface{}{"p": m.Partition, "o": m.Offset, "k": m.Key, "v": m.Value, "t": m.Timestamp.UnixNano() / 1_000_000, "h": headers}
}

func consume(c command) (interface{}, error) {
	consumer, err := sarama.NewConsumer(servers, config())
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	partition, err := consumer.ConsumePartition(c.Topic, c.Partition, c.Offset)
	if err != nil {
		return nil, err
	}
	defer partition.Close()
	taken := []interface{}{}
	end := time.After(wait)
	for len(taken) < c.Count {
		select {
		case m := <-partition.Messages():
			taken = append(taken, shown(m))
		case e := <-partition.Errors():
			return nil, e.Err
		case <-end:
			return taken, nil
		}
	}
	return taken, nil
}

func offset(c command) (interface{}, error) {
	if err := client.RefreshMetadata(c.Topic); err != nil {
		return nil, err
	}
	return client.GetOffset(c.Topic, c.Partition, c.Time)
}

func topics(c command) (interface{}, error) {
	if err := client.RefreshMetadata(); err != nil {
		return nil, err
	}
	names, err := client.Topics()
	counts := map[string]int{}
	for _, name := range names {
		partitions, err := client.Partitions(name)
		if err != nil {
			return nil, err
		}
		counts[name] = len(partitions)
	}
	return counts, err
}

func create(c command) (interface{}, error) {
	if c.Replication == 0 {
		c.Replication = 1
	}
	return nil, admin.CreateTopic(c.Topic, &sarama.TopicDetail{NumPartitions: c.Partitions, ReplicationFactor: c.Replication, ConfigEntries: c.Configs}, false)
}

func grow(c command) (interface{}, error) {
	return nil, admin.CreatePartitions(c.Topic, c.Partitions, nil, false)
}

func remove(c command) (interface{}, error) { return nil, admin.DeleteTopic(c.Topic) }

func alter(c command) (interface{}, error) {
	return nil, admin.AlterConfig(sarama.TopicResource, c.Topic, c.Configs, false)
}

type member struct {
	lock  sync.Mutex
	count int
	taken []interface{}
	done  context.CancelFunc
}

func (*member) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (*member) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (g *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for m := range claim.Messages() {
		if g.take(session, m) {
			g.done()
		}
	}
	return nil
}

func (g *member) take(session sarama.ConsumerGroupSession, m *sarama.ConsumerMessage) bool {
	g.lock.Lock()
	defer g.lock.Unlock()
	if len(g.taken) < g.count {
		g.taken = append(g.taken, shown(m))
		session.MarkMessage(m, "")
	}
	return len(g.taken) >= g.count
}

func group(c command) (interface{}, error) {
	conf := config()
	conf.Consumer.Offsets.Initial = sarama.OffsetOldest
	// Makes it commit in version 2; Kafka 4 does not serve older ones.
	conf.Consumer.Offsets.Retention = 24 * time.Hour
	g, err := sarama.NewConsumerGroup(servers, c.Group, conf)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	within, done := context.WithTimeout(context.Background(), wait)
	defer done()
	m := &member{count: c.Count, done: done}
	for within.Err() == nil {
		if err := g.Consume(within, []string{c.Topic}, m); err != nil && within.Err() == nil {
			return nil, err
		}
	}
	return m.taken, nil
}

func codeOf(err error) interface{} {
	var topic *sarama.TopicError
	var partition *sarama.TopicPartitionError
	var kerr sarama.KError
	switch {
	case errors.As(err, &topic):
		return int16(topic.Err)
	case errors.As(err, &partition):
		return int16(partition.Err)
	case errors.As(err, &kerr):
		return int16(kerr)
	}
	return nil
}

// A member until it is told to leave or killed: what it owns and what it has read, as it happens. This sarama commits by itself, every second.
type lasting struct {
	lock sync.Mutex
	out  *json.Encoder
}

func (l *lasting) tell(what map[string]interface{}) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.out.Encode(what)
}

func (l *lasting) Setup(session sarama.ConsumerGroupSession) error {
	owned := []int32{}
	for _, partitions := range session.Claims() {
		owned = append(owned, partitions...)
	}
	sort.Slice(owned, func(i, j int) bool { return owned[i] < owned[j] })
	l.tell(map[string]interface{}{"assigned": owned})
	return nil
}

func (l *lasting) Cleanup(sarama.ConsumerGroupSession) error {
	l.tell(map[string]interface{}{"assigned": []int32{}})
	return nil
}

func (l *lasting) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for m := range claim.Messages() {
		session.MarkMessage(m, "")
		l.tell(map[string]interface{}{"read": [][]interface{}{{m.Partition, m.Offset, string(m.Value)}}})
	}
	return nil
}

func runMember(brokers, group, topic, strategy string) {
	servers = []string{brokers}
	conf := config()
	conf.ClientID = "sarama-member"
	conf.Consumer.Offsets.Initial = sarama.OffsetOldest
	conf.Consumer.Offsets.Retention = 24 * time.Hour
	conf.Consumer.Group.Session.Timeout = 6 * time.Second
	conf.Consumer.Group.Heartbeat.Interval = 500 * time.Millisecond
	if strategy == "roundrobin" {
		conf.Consumer.Group.Rebalance.Strategy = sarama.BalanceStrategyRoundRobin
	}
	l := &lasting{out: json.NewEncoder(os.Stdout)}
	g, err := sarama.NewConsumerGroup(servers, group, conf)
	if err != nil {
		l.tell(map[string]interface{}{"failed": err.Error()})
		return
	}
	leaving, leave := context.WithCancel(context.Background())
	go func() {
		bufio.NewReader(os.Stdin).ReadBytes('\n')
		leave()
	}()
	go func() {
		for range g.Errors() {
		}
	}()
	for leaving.Err() == nil {
		if err := g.Consume(leaving, []string{topic}, l); err != nil && leaving.Err() == nil {
			time.Sleep(100 * time.Millisecond)
		}
	}
	g.Close()
	l.tell(map[string]interface{}{"left": true})
}

func main() {
	if len(os.Args) > 4 && os.Args[1] == "member" {
		runMember(os.Args[2], os.Args[3], os.Args[4], append(os.Args, "")[5])
		return
	}
	commands := map[string]func(command) (interface{}, error){
		"hello": hello, "produce": produce, "consume": consume, "offset": offset, "topics": topics, "create": create, "grow": grow,
		"delete": remove, "alter": alter, "group": group,
	}
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var c command
		if err := json.Unmarshal(line, &c); err != nil {
			out.Encode(map[string]interface{}{"error": nil, "text": err.Error()})
			continue
		}
		answer, err := commands[c.Do](c)
		if err != nil {
			out.Encode(map[string]interface{}{"error": codeOf(err), "text": fmt.Sprintf("%T %v", err, err)})
		} else {
			out.Encode(map[string]interface{}{"ok": answer})
		}
	}
}
