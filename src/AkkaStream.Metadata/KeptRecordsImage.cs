using System.Collections.Immutable;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Metadata;

/// <summary>
/// Records of subjects that the image has no shape for yet (ACLs, quotas, SCRAM users, tokens, Kafka's own controllers):
/// the newest of each key, so that adopting a Kafka directory and taking snapshots loses nothing. Records of types that
/// this version does not know at all are kept as bytes, in their order.
/// </summary>
public sealed class KeptRecordsImage
{
    public static readonly KeptRecordsImage Empty = new(
        ImmutableSortedDictionary.Create<string, IStoredMessage>(StringComparer.Ordinal), []);

    internal KeptRecordsImage(ImmutableSortedDictionary<string, IStoredMessage> byKey, ImmutableList<ReadOnlyMemory<byte>> unknown)
    {
        ByKey = byKey;
        Unknown = unknown;
    }

    internal ImmutableSortedDictionary<string, IStoredMessage> ByKey { get; }

    public IEnumerable<IStoredMessage> Records => ByKey.Values;

    public ImmutableList<ReadOnlyMemory<byte>> Unknown { get; }

    /// <summary>Adds, replaces or removes. False for a record that is none of the kept ones.</summary>
    internal KeptRecordsImage? Apply(IStoredMessage record) => record switch
    {
        AccessControlEntryRecord r => With(AclKey(r.Id), r),
        RemoveAccessControlEntryRecord r => Without(AclKey(r.Id)),
        ClientQuotaRecord { Remove: true } r => Without(QuotaKey(r)),
        ClientQuotaRecord r => With(QuotaKey(r), r),
        UserScramCredentialRecord r => With(ScramKey(r.Name, r.Mechanism), r),
        RemoveUserScramCredentialRecord r => Without(ScramKey(r.Name, r.Mechanism)),
        DelegationTokenRecord r => With(TokenKey(r.TokenId), r),
        RemoveDelegationTokenRecord r => Without(TokenKey(r.TokenId)),
        RegisterControllerRecord r => With($"controller {r.ControllerId}", r),
        ZkMigrationStateRecord r => With("zookeeper migration", r),
        _ => null,
    };

    internal KeptRecordsImage WithUnknown(ReadOnlyMemory<byte> record) => new(ByKey, Unknown.Add(record));

    KeptRecordsImage With(string key, IStoredMessage record) => new(ByKey.SetItem(key, record), Unknown);

    KeptRecordsImage Without(string key) => new(ByKey.Remove(key), Unknown);

    static string AclKey(Protocol.Uuid id) => $"acl {id}";

    static string ScramKey(string user, sbyte mechanism) => $"scram {mechanism} {user}";

    static string TokenKey(string id) => $"token {id}";

    /// <summary>The entity's parts in any order name the same entity; a part without a name is the default of its kind.</summary>
    static string QuotaKey(ClientQuotaRecord record) =>
        $"quota {record.Key} " + string.Join('\n', record.Entity
            .Select(e => e.EntityName is null ? $"{e.EntityType} default" : $"{e.EntityType}={e.EntityName}")
            .Order(StringComparer.Ordinal));
}
