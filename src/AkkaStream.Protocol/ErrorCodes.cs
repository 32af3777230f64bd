namespace AkkaStream.Protocol;

/// <param name="Name">Kafka's name, as clients and tools print it.</param>
/// <param name="Retriable">A client may repeat the same request and hope.</param>
/// <param name="RefreshesMetadata">A client asks for metadata before it repeats the request.</param>
/// <param name="Message">One sentence for logs, and for answers where no better text is at hand.</param>
public readonly record struct ErrorDescription(string Name, bool Retriable, bool RefreshesMetadata, string Message);

/// <summary>
/// What every error code means. A switch and no table: nothing is built at start for texts that are seldom read.
/// The first three properties are Kafka's and frozen by a test; the sentences are ours.
/// </summary>
public static class ErrorCodes
{
    /// <summary>Codes of a newer Kafka are described too, by their number.</summary>
    public static ErrorDescription Describe(ErrorCode code) =>
        (short)code switch
        {
            < 30 => UpTo29(code),
            < 60 => UpTo59(code),
            < 90 => UpTo89(code),
            < 114 => UpTo113(code),
            _ => From114(code),
        };

    public static bool IsRetriable(ErrorCode code) => Describe(code).Retriable;

    /// <summary>Kafka's name of the code, for example NOT_LEADER_OR_FOLLOWER.</summary>
    public static string NameOf(ErrorCode code) => Describe(code).Name;

    static ErrorDescription Final(string name, string message) => new(name, false, false, message);

    static ErrorDescription Retriable(string name, string message) => new(name, true, false, message);

    static ErrorDescription Refresh(string name, string message) => new(name, true, true, message);

    static ErrorDescription Unknown(ErrorCode code) =>
        new($"ERROR_{(short)code}", false, false, $"Error {(short)code}, which this version does not know");

    static ErrorDescription UpTo29(ErrorCode code) => code switch
    {
        ErrorCode.UnknownServerError =>
            Final("UNKNOWN_SERVER_ERROR", "The broker met an error that it did not expect; its log has the reason"),
        ErrorCode.None => Final("NONE", "No error"),
        ErrorCode.OffsetOutOfRange =>
            Final("OFFSET_OUT_OF_RANGE", "The offset is outside the range of offsets that the partition holds"),
        ErrorCode.CorruptMessage =>
            Retriable("CORRUPT_MESSAGE", "The batch fails its checksum or is otherwise damaged"),
        ErrorCode.UnknownTopicOrPartition =>
            Refresh("UNKNOWN_TOPIC_OR_PARTITION", "This broker does not know the topic or the partition"),
        ErrorCode.InvalidFetchSize => Final("INVALID_FETCH_SIZE", "The size to fetch is not valid"),
        ErrorCode.LeaderNotAvailable => Refresh("LEADER_NOT_AVAILABLE", "The partition has no leader at the moment"),
        ErrorCode.NotLeaderOrFollower => Refresh("NOT_LEADER_OR_FOLLOWER",
            "This broker is not the partition's leader, nor a replica that may serve the request"),
        ErrorCode.RequestTimedOut => Retriable("REQUEST_TIMED_OUT", "The request did not finish within its time-out"),
        ErrorCode.BrokerNotAvailable => Final("BROKER_NOT_AVAILABLE", "The broker is not there"),
        ErrorCode.ReplicaNotAvailable => Refresh("REPLICA_NOT_AVAILABLE", "The replica is not there"),
        ErrorCode.MessageTooLarge =>
            Final("MESSAGE_TOO_LARGE", "A batch is larger than the broker or the topic allows (max.message.bytes)"),
        ErrorCode.StaleControllerEpoch =>
            Final("STALE_CONTROLLER_EPOCH", "The request comes from a controller that has been replaced"),
        ErrorCode.OffsetMetadataTooLarge => Final("OFFSET_METADATA_TOO_LARGE",
            "The metadata that goes with a committed offset is longer than offset.metadata.max.bytes"),
        ErrorCode.NetworkException =>
            Refresh("NETWORK_EXCEPTION", "The broker closed the connection before it answered"),
        ErrorCode.CoordinatorLoadInProgress =>
            Retriable("COORDINATOR_LOAD_IN_PROGRESS", "The coordinator is still loading its state"),
        ErrorCode.CoordinatorNotAvailable => Retriable("COORDINATOR_NOT_AVAILABLE", "The coordinator is not available"),
        ErrorCode.NotCoordinator =>
            Retriable("NOT_COORDINATOR", "This broker is not the coordinator for that group or transactional id"),
        ErrorCode.InvalidTopicException => Final("INVALID_TOPIC_EXCEPTION",
            "The topic's name is not valid, or the operation is not allowed on an internal topic"),
        ErrorCode.RecordListTooLarge =>
            Final("RECORD_LIST_TOO_LARGE", "The batch is larger than a segment may be (segment.bytes)"),
        ErrorCode.NotEnoughReplicas => Retriable("NOT_ENOUGH_REPLICAS",
            "Fewer replicas are in sync than min.insync.replicas asks for; nothing was written"),
        ErrorCode.NotEnoughReplicasAfterAppend => Retriable("NOT_ENOUGH_REPLICAS_AFTER_APPEND",
            "The batch was written, but fewer replicas were in sync afterwards than min.insync.replicas asks for"),
        ErrorCode.InvalidRequiredAcks => Final("INVALID_REQUIRED_ACKS", "acks must be 0, 1 or -1 (all)"),
        ErrorCode.IllegalGeneration => Final("ILLEGAL_GENERATION", "The generation is not the group's present one"),
        ErrorCode.InconsistentGroupProtocol => Final("INCONSISTENT_GROUP_PROTOCOL",
            "The member's protocol type or its protocols have nothing in common with those of the group"),
        ErrorCode.InvalidGroupId => Final("INVALID_GROUP_ID", "The group id is not valid"),
        ErrorCode.UnknownMemberId => Final("UNKNOWN_MEMBER_ID", "The coordinator does not know the member"),
        ErrorCode.InvalidSessionTimeout => Final("INVALID_SESSION_TIMEOUT",
            "The session time-out is outside group.min.session.timeout.ms and group.max.session.timeout.ms"),
        ErrorCode.RebalanceInProgress =>
            Final("REBALANCE_IN_PROGRESS", "The group is rebalancing; the member has to join again"),
        ErrorCode.InvalidCommitOffsetSize =>
            Final("INVALID_COMMIT_OFFSET_SIZE", "The offsets to commit are too many for one batch"),
        ErrorCode.TopicAuthorizationFailed => Final("TOPIC_AUTHORIZATION_FAILED", "Not allowed to use the topic"),
        _ => Unknown(code),
    };

    static ErrorDescription UpTo59(ErrorCode code) => code switch
    {
        ErrorCode.GroupAuthorizationFailed => Final("GROUP_AUTHORIZATION_FAILED", "Not allowed to use the group"),
        ErrorCode.ClusterAuthorizationFailed =>
            Final("CLUSTER_AUTHORIZATION_FAILED", "Not allowed to do this to the cluster"),
        ErrorCode.InvalidTimestamp => Final("INVALID_TIMESTAMP", "A record's timestamp is out of the allowed range"),
        ErrorCode.UnsupportedSaslMechanism =>
            Final("UNSUPPORTED_SASL_MECHANISM", "The broker does not support that SASL mechanism"),
        ErrorCode.IllegalSaslState =>
            Final("ILLEGAL_SASL_STATE", "The request does not fit the state of the SASL exchange"),
        ErrorCode.UnsupportedVersion =>
            Final("UNSUPPORTED_VERSION", "The broker does not support that version of the request"),
        ErrorCode.TopicAlreadyExists => Final("TOPIC_ALREADY_EXISTS", "A topic of that name exists already"),
        ErrorCode.InvalidPartitions => Final("INVALID_PARTITIONS", "The number of partitions is not valid"),
        ErrorCode.InvalidReplicationFactor =>
            Final("INVALID_REPLICATION_FACTOR", "The replication factor is below 1 or above the number of brokers"),
        ErrorCode.InvalidReplicaAssignment =>
            Final("INVALID_REPLICA_ASSIGNMENT", "The assignment of replicas to brokers is not valid"),
        ErrorCode.InvalidConfig => Final("INVALID_CONFIG", "The configuration is not valid"),
        ErrorCode.NotController => Retriable("NOT_CONTROLLER", "This node is not the controller in charge"),
        ErrorCode.InvalidRequest =>
            Final("INVALID_REQUEST", "The request contradicts itself or the protocol; the broker's log says where"),
        ErrorCode.UnsupportedForMessageFormat =>
            Final("UNSUPPORTED_FOR_MESSAGE_FORMAT", "The message format of the log cannot do what was asked"),
        ErrorCode.PolicyViolation => Final("POLICY_VIOLATION", "A policy of the cluster refuses the request"),
        ErrorCode.OutOfOrderSequenceNumber => Final("OUT_OF_ORDER_SEQUENCE_NUMBER",
            "The batch does not follow the producer's last one: a batch is missing"),
        ErrorCode.DuplicateSequenceNumber => Final("DUPLICATE_SEQUENCE_NUMBER", "The batch has been written before"),
        ErrorCode.InvalidProducerEpoch =>
            Final("INVALID_PRODUCER_EPOCH", "The producer's epoch is older than the one known for its id"),
        ErrorCode.InvalidTxnState =>
            Final("INVALID_TXN_STATE", "The transaction is in a state that does not allow the operation"),
        ErrorCode.InvalidProducerIdMapping =>
            Final("INVALID_PRODUCER_ID_MAPPING", "The producer id does not belong to that transactional id"),
        ErrorCode.InvalidTransactionTimeout =>
            Final("INVALID_TRANSACTION_TIMEOUT", "The transaction's time-out is above transaction.max.timeout.ms"),
        ErrorCode.ConcurrentTransactions =>
            Retriable("CONCURRENT_TRANSACTIONS", "An operation on the same transaction is still under way"),
        ErrorCode.TransactionCoordinatorFenced =>
            Final("TRANSACTION_COORDINATOR_FENCED", "The transaction coordinator that sent this has been replaced"),
        ErrorCode.TransactionalIdAuthorizationFailed =>
            Final("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "Not allowed to use the transactional id"),
        ErrorCode.SecurityDisabled => Final("SECURITY_DISABLED", "Security features are switched off on this broker"),
        ErrorCode.OperationNotAttempted =>
            Final("OPERATION_NOT_ATTEMPTED", "Not attempted, because another part of the request failed"),
        ErrorCode.KafkaStorageError => Refresh("KAFKA_STORAGE_ERROR", "The disk that holds the partition failed"),
        ErrorCode.LogDirNotFound => Final("LOG_DIR_NOT_FOUND", "The log directory is not one of this broker's"),
        ErrorCode.SaslAuthenticationFailed => Final("SASL_AUTHENTICATION_FAILED", "Authentication failed"),
        ErrorCode.UnknownProducerId => Final("UNKNOWN_PRODUCER_ID", "The broker has no state for that producer id"),
        _ => Unknown(code),
    };

    static ErrorDescription UpTo89(ErrorCode code) => code switch
    {
        ErrorCode.ReassignmentInProgress => Final("REASSIGNMENT_IN_PROGRESS", "The partition is being reassigned"),
        ErrorCode.DelegationTokenAuthDisabled =>
            Final("DELEGATION_TOKEN_AUTH_DISABLED", "Delegation tokens are switched off"),
        ErrorCode.DelegationTokenNotFound => Final("DELEGATION_TOKEN_NOT_FOUND", "No such delegation token"),
        ErrorCode.DelegationTokenOwnerMismatch => Final("DELEGATION_TOKEN_OWNER_MISMATCH",
            "The principal is neither owner nor renewer of the delegation token"),
        ErrorCode.DelegationTokenRequestNotAllowed => Final("DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
            "Delegation tokens need an encrypted or authenticated connection that was not itself opened by a token"),
        ErrorCode.DelegationTokenAuthorizationFailed =>
            Final("DELEGATION_TOKEN_AUTHORIZATION_FAILED", "Not allowed to use the delegation token"),
        ErrorCode.DelegationTokenExpired => Final("DELEGATION_TOKEN_EXPIRED", "The delegation token has expired"),
        ErrorCode.InvalidPrincipalType => Final("INVALID_PRINCIPAL_TYPE", "The type of principal is not supported"),
        ErrorCode.NonEmptyGroup => Final("NON_EMPTY_GROUP", "The group still has members"),
        ErrorCode.GroupIdNotFound => Final("GROUP_ID_NOT_FOUND", "No such group"),
        ErrorCode.FetchSessionIdNotFound =>
            Retriable("FETCH_SESSION_ID_NOT_FOUND", "No such fetch session; a new one has to be opened"),
        ErrorCode.InvalidFetchSessionEpoch => Retriable("INVALID_FETCH_SESSION_EPOCH",
            "The fetch session is at another epoch; a new one has to be opened"),
        ErrorCode.ListenerNotFound =>
            Refresh("LISTENER_NOT_FOUND", "The leader has no listener of the name on which the request came"),
        ErrorCode.TopicDeletionDisabled =>
            Final("TOPIC_DELETION_DISABLED", "Deletion of topics is switched off (delete.topic.enable)"),
        ErrorCode.FencedLeaderEpoch => Refresh("FENCED_LEADER_EPOCH",
            "The request's leader epoch is older than the broker's: a new leader was elected"),
        ErrorCode.UnknownLeaderEpoch => Retriable("UNKNOWN_LEADER_EPOCH",
            "The request's leader epoch is newer than the broker's: the broker has not heard of it yet"),
        ErrorCode.UnsupportedCompressionType =>
            Final("UNSUPPORTED_COMPRESSION_TYPE", "The client does not support the compression of that topic"),
        ErrorCode.StaleBrokerEpoch =>
            Final("STALE_BROKER_EPOCH", "The request comes from an earlier life of that broker"),
        ErrorCode.OffsetNotAvailable => Retriable("OFFSET_NOT_AVAILABLE",
            "The leader does not know its high watermark yet, because it was elected just now"),
        ErrorCode.MemberIdRequired =>
            Final("MEMBER_ID_REQUIRED", "The member has to join again with the member id that it was just given"),
        ErrorCode.PreferredLeaderNotAvailable =>
            Refresh("PREFERRED_LEADER_NOT_AVAILABLE", "The preferred leader is not available"),
        ErrorCode.GroupMaxSizeReached => Final("GROUP_MAX_SIZE_REACHED", "The group is full (group.max.size)"),
        ErrorCode.FencedInstanceId =>
            Final("FENCED_INSTANCE_ID", "Another member with the same group.instance.id has taken this one's place"),
        ErrorCode.EligibleLeadersNotAvailable =>
            Refresh("ELIGIBLE_LEADERS_NOT_AVAILABLE", "No replica that may lead the partition is available"),
        ErrorCode.ElectionNotNeeded => Refresh("ELECTION_NOT_NEEDED", "The partition has the right leader already"),
        ErrorCode.NoReassignmentInProgress =>
            Final("NO_REASSIGNMENT_IN_PROGRESS", "No reassignment is going on for the partition"),
        ErrorCode.GroupSubscribedToTopic => Final("GROUP_SUBSCRIBED_TO_TOPIC",
            "A member of the group is subscribed to that topic, so its offsets cannot be deleted"),
        ErrorCode.InvalidRecord => Final("INVALID_RECORD", "A record is not valid and was refused"),
        ErrorCode.UnstableOffsetCommit =>
            Retriable("UNSTABLE_OFFSET_COMMIT", "Offsets that belong to an unfinished transaction are waiting"),
        ErrorCode.ThrottlingQuotaExceeded =>
            Retriable("THROTTLING_QUOTA_EXCEEDED", "The quota for this kind of change is used up for now"),
        _ => Unknown(code),
    };

    static ErrorDescription UpTo113(ErrorCode code) => code switch
    {
        ErrorCode.ProducerFenced =>
            Final("PRODUCER_FENCED", "A newer producer with the same transactional id has taken this one's place"),
        ErrorCode.ResourceNotFound => Final("RESOURCE_NOT_FOUND", "No such resource"),
        ErrorCode.DuplicateResource => Final("DUPLICATE_RESOURCE", "The request names the same resource twice"),
        ErrorCode.UnacceptableCredential => Final("UNACCEPTABLE_CREDENTIAL", "The credential does not meet the rules"),
        ErrorCode.InconsistentVoterSet =>
            Final("INCONSISTENT_VOTER_SET", "Sender and receiver do not have the same set of voters"),
        ErrorCode.InvalidUpdateVersion =>
            Final("INVALID_UPDATE_VERSION", "The feature's level cannot be changed in that way"),
        ErrorCode.FeatureUpdateFailed => Final("FEATURE_UPDATE_FAILED", "The features could not be changed"),
        ErrorCode.PrincipalDeserializationFailure =>
            Final("PRINCIPAL_DESERIALIZATION_FAILURE", "The principal in a forwarded request cannot be read"),
        ErrorCode.SnapshotNotFound => Final("SNAPSHOT_NOT_FOUND", "No such snapshot"),
        ErrorCode.PositionOutOfRange =>
            Final("POSITION_OUT_OF_RANGE", "The position is beyond the end of the snapshot"),
        ErrorCode.UnknownTopicId => Refresh("UNKNOWN_TOPIC_ID", "This broker does not know the topic id"),
        ErrorCode.DuplicateBrokerRegistration =>
            Final("DUPLICATE_BROKER_REGISTRATION", "Another broker with the same id is registered and alive"),
        ErrorCode.BrokerIdNotRegistered => Final("BROKER_ID_NOT_REGISTERED", "The broker is not registered"),
        ErrorCode.InconsistentTopicId =>
            Refresh("INCONSISTENT_TOPIC_ID", "The topic id does not belong to the topic of that name"),
        ErrorCode.InconsistentClusterId => Final("INCONSISTENT_CLUSTER_ID", "The node belongs to another cluster"),
        ErrorCode.TransactionalIdNotFound => Final("TRANSACTIONAL_ID_NOT_FOUND", "No such transactional id"),
        ErrorCode.FetchSessionTopicIdError =>
            Retriable("FETCH_SESSION_TOPIC_ID_ERROR", "Topic ids were used differently earlier in this fetch session"),
        ErrorCode.IneligibleReplica => Final("INELIGIBLE_REPLICA",
            "A replica in the new in-sync set may not be in it: it is fenced, shutting down or of an earlier life"),
        ErrorCode.NewLeaderElected => Final("NEW_LEADER_ELECTED", "The change elected another leader"),
        ErrorCode.OffsetMovedToTieredStorage =>
            Final("OFFSET_MOVED_TO_TIERED_STORAGE", "The offset has moved to tiered storage"),
        ErrorCode.FencedMemberEpoch => Final("FENCED_MEMBER_EPOCH",
            "The member's epoch is older than the coordinator's; the member has to join again from epoch 0"),
        ErrorCode.UnreleasedInstanceId =>
            Final("UNRELEASED_INSTANCE_ID", "The group.instance.id is still held by another member"),
        ErrorCode.UnsupportedAssignor => Final("UNSUPPORTED_ASSIGNOR", "The coordinator does not have that assignor"),
        ErrorCode.StaleMemberEpoch =>
            Final("STALE_MEMBER_EPOCH", "The member's epoch is out of date; repeat with the present one"),
        _ => Unknown(code),
    };

    static ErrorDescription From114(ErrorCode code) => code switch
    {
        ErrorCode.MismatchedEndpointType => Final("MISMATCHED_ENDPOINT_TYPE",
            "Asked the wrong kind of endpoint: broker where a controller was expected or the other way round"),
        ErrorCode.UnsupportedEndpointType =>
            Final("UNSUPPORTED_ENDPOINT_TYPE", "That kind of endpoint is not supported"),
        ErrorCode.UnknownControllerId => Final("UNKNOWN_CONTROLLER_ID", "No such controller"),
        ErrorCode.UnknownSubscriptionId => Final("UNKNOWN_SUBSCRIPTION_ID",
            "The client's telemetry subscription has changed; it has to be fetched again"),
        ErrorCode.TelemetryTooLarge => Final("TELEMETRY_TOO_LARGE", "The telemetry is larger than telemetry.max.bytes"),
        ErrorCode.InvalidRegistration => Final("INVALID_REGISTRATION", "The registration is not valid"),
        ErrorCode.TransactionAbortable =>
            Final("TRANSACTION_ABORTABLE", "The transaction cannot go on and has to be aborted"),
        ErrorCode.InvalidRecordState => Final("INVALID_RECORD_STATE",
            "The records are not in a state that allows it, for example no longer acquired by this member"),
        ErrorCode.ShareSessionNotFound => Retriable("SHARE_SESSION_NOT_FOUND", "No such share session"),
        ErrorCode.InvalidShareSessionEpoch =>
            Retriable("INVALID_SHARE_SESSION_EPOCH", "The share session is at another epoch"),
        ErrorCode.FencedStateEpoch =>
            Final("FENCED_STATE_EPOCH", "The share coordinator has seen a newer epoch of that state"),
        ErrorCode.InvalidVoterKey => Final("INVALID_VOTER_KEY", "The voter's id does not go with its directory id"),
        ErrorCode.DuplicateVoter => Final("DUPLICATE_VOTER", "That voter is in the set already"),
        ErrorCode.VoterNotFound => Final("VOTER_NOT_FOUND", "That voter is not in the set"),
        ErrorCode.InvalidRegularExpression =>
            Final("INVALID_REGULAR_EXPRESSION", "The regular expression is not valid"),
        ErrorCode.RebootstrapRequired =>
            Final("REBOOTSTRAP_REQUIRED", "The client has to start again from its bootstrap servers"),
        ErrorCode.StreamsInvalidTopology => Final("STREAMS_INVALID_TOPOLOGY", "The Streams topology is not valid"),
        ErrorCode.StreamsInvalidTopologyEpoch =>
            Final("STREAMS_INVALID_TOPOLOGY_EPOCH", "The epoch of the Streams topology is not valid"),
        ErrorCode.StreamsTopologyFenced =>
            Final("STREAMS_TOPOLOGY_FENCED", "The Streams topology is older than the group's"),
        ErrorCode.ShareSessionLimitReached =>
            Retriable("SHARE_SESSION_LIMIT_REACHED", "The broker has no room for another share session"),
        _ => Unknown(code),
    };
}
