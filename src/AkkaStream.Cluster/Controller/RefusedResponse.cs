using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// The answer that says no to a whole request: too late, not the controller, not possible now. Where a response has no
/// place for one error, each of its parts gets it.
/// </summary>
static class RefusedResponse
{
    public static IMessage Of(IRequest request, ErrorCode code, string? message = null) => request switch
    {
        CreateTopicsRequest r => new CreateTopicsResponse
        {
            Topics = [.. r.Topics.DistinctBy(t => t.Name)
                .Select(t => new CreateTopicsResponseTopic { Name = t.Name, ErrorCode = code, ErrorMessage = message })],
        },
        DeleteTopicsRequest r => new DeleteTopicsResponse
        {
            Responses = [
                .. r.TopicNames.Select(n => new DeleteTopicsResponseTopic { Name = n, ErrorCode = code, ErrorMessage = message }),
                .. r.Topics.Select(t => new DeleteTopicsResponseTopic
                {
                    Name = t.Name,
                    TopicId = t.TopicId,
                    ErrorCode = code,
                    ErrorMessage = message,
                })],
        },
        CreatePartitionsRequest r => new CreatePartitionsResponse
        {
            Results = [.. r.Topics.DistinctBy(t => t.Name)
                .Select(t => new CreatePartitionsResponseTopic { Name = t.Name, ErrorCode = code, ErrorMessage = message })],
        },
        IncrementalAlterConfigsRequest r => new IncrementalAlterConfigsResponse
        {
            Responses = [.. r.Resources.Select(p => new IncrementalAlterConfigsResponseResource
            {
                ResourceType = p.ResourceType,
                ResourceName = p.ResourceName,
                ErrorCode = code,
                ErrorMessage = message,
            })],
        },
        AlterConfigsRequest r => new AlterConfigsResponse
        {
            Responses = [.. r.Resources.Select(p => new AlterConfigsResponseResource
            {
                ResourceType = p.ResourceType,
                ResourceName = p.ResourceName,
                ErrorCode = code,
                ErrorMessage = message,
            })],
        },
        ElectLeadersRequest r => OfElection(r, code, message),
        AlterPartitionReassignmentsRequest r => new AlterPartitionReassignmentsResponse
        {
            AllowReplicationFactorChange = r.AllowReplicationFactorChange,
            ErrorCode = code,
            ErrorMessage = message,
        },
        ListPartitionReassignmentsRequest => new ListPartitionReassignmentsResponse { ErrorCode = code, ErrorMessage = message },
        AllocateProducerIdsRequest => new AllocateProducerIdsResponse { ErrorCode = code },
        AlterPartitionRequest => new AlterPartitionResponse { ErrorCode = code },
        UpdateFeaturesRequest => new UpdateFeaturesResponse { ErrorCode = code, ErrorMessage = message },
        BrokerRegistrationRequest => new BrokerRegistrationResponse { ErrorCode = code },
        BrokerHeartbeatRequest => new BrokerHeartbeatResponse { ErrorCode = code },
        UnregisterBrokerRequest => new UnregisterBrokerResponse { ErrorCode = code, ErrorMessage = message },
        _ => throw new ArgumentException($"{request.ApiKey} is no request of the controller's", nameof(request)),
    };

    static ElectLeadersResponse OfElection(ElectLeadersRequest request, ErrorCode code, string? message) => new()
    {
        ErrorCode = code,
        ReplicaElectionResults = [.. (request.TopicPartitions ?? []).Select(t => new ElectLeadersResponseTopic
        {
            Topic = t.Topic,
            PartitionResult = [.. t.Partitions.Select(p => new ElectLeadersResponsePartition
            {
                PartitionId = p,
                ErrorCode = code,
                ErrorMessage = message,
            })],
        })],
    };
}
