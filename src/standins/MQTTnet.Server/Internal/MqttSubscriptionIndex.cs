using System.Collections.Concurrent;
using MQTTnet.Formatter;

namespace MQTTnet.Server;

/// <summary>
/// All subscriptions as a tree of topic levels. Changes and cache misses take one lock; a publish on a topic that was matched since the
/// last change takes none.
/// </summary>
internal sealed class MqttSubscriptionIndex
{
    private const int CacheCapacity = 65_536;

    private readonly Lock _gate = new();
    private readonly Node _root = new();
    private readonly ConcurrentDictionary<string, MqttTopicMatch> _cache = new(StringComparer.Ordinal);
    private long _version;

    public void Add(MqttSubscription subscription)
    {
        Split(subscription.Filter, out var shareName, out var filter);
        lock (_gate)
        {
            var node = _root;
            foreach (var level in filter.Split('/'))
            {
                node = node.Child(level);
            }

            if (shareName is null)
            {
                node.Subscriptions.RemoveAll(s => s.Session == subscription.Session);
                node.Subscriptions.Add(subscription);
            }
            else
            {
                var group = node.Groups.Find(g => g.ShareName == shareName);
                if (group is null)
                {
                    node.Groups.Add(group = new MqttSharedGroup(shareName));
                }

                group.Members = [.. group.Members.Where(m => m.Session != subscription.Session), subscription];
            }

            Interlocked.Increment(ref _version);
        }
    }

    public void Remove(MqttServerSession session, string subscribedFilter)
    {
        Split(subscribedFilter, out var shareName, out var filter);
        lock (_gate)
        {
            var path = new List<(Node Parent, string Level)>();
            var node = _root;
            foreach (var level in filter.Split('/'))
            {
                path.Add((node, level));
                if (!node.Children.TryGetValue(level, out node!))
                {
                    return;
                }
            }

            if (shareName is null)
            {
                node.Subscriptions.RemoveAll(s => s.Session == session);
            }
            else if (node.Groups.Find(g => g.ShareName == shareName) is { } group)
            {
                group.Members = [.. group.Members.Where(m => m.Session != session)];
                if (group.Members.Length == 0)
                {
                    node.Groups.Remove(group);
                }
            }

            for (var i = path.Count - 1; i >= 0 && path[i].Parent.Children[path[i].Level].IsEmpty; i--)
            {
                path[i].Parent.Children.Remove(path[i].Level);
            }

            Interlocked.Increment(ref _version);
        }
    }

    public MqttTopicMatch Match(string topic)
    {
        if (_cache.TryGetValue(topic, out var cached) && cached.Version == Interlocked.Read(ref _version))
        {
            return cached;
        }

        MqttTopicMatch match;
        lock (_gate)
        {
            var subscriptions = new List<MqttSubscription>();
            var groups = new List<MqttSharedGroup>();
            Collect(_root, topic.Split('/'), 0, topic.StartsWith('$'), subscriptions, groups);
            match = new MqttTopicMatch(
                _version,
                [.. subscriptions.GroupBy(s => s.Session).Select(g => (g.Key, g.ToArray()))],
                [.. groups]);
        }

        if (_cache.Count >= CacheCapacity)
        {
            _cache.Clear();
        }

        _cache[topic] = match;
        return match;
    }

    private static void Split(string subscribed, out string? shareName, out string filter)
    {
        shareName = null;
        filter = subscribed;
        if (MqttTopicRules.IsShared(subscribed) && MqttTopicRules.TrySplitShared(subscribed, out var name, out var inner))
        {
            shareName = name;
            filter = inner;
        }
    }

    // A wildcard in the first level does not match topics that begin with $ (4.7.2).
    private static void Collect(Node node, string[] levels, int depth, bool isSystem, List<MqttSubscription> found, List<MqttSharedGroup> groups)
    {
        var wildcards = depth > 0 || !isSystem;
        if (wildcards && node.Children.TryGetValue("#", out var rest))
        {
            rest.AddTo(found, groups);
        }

        if (depth == levels.Length)
        {
            node.AddTo(found, groups);
            return;
        }

        if (node.Children.TryGetValue(levels[depth], out var exact) && levels[depth] is not ("#" or "+"))
        {
            Collect(exact, levels, depth + 1, isSystem, found, groups);
        }

        if (wildcards && node.Children.TryGetValue("+", out var any))
        {
            Collect(any, levels, depth + 1, isSystem, found, groups);
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public List<MqttSubscription> Subscriptions { get; } = [];

        public List<MqttSharedGroup> Groups { get; } = [];

        public bool IsEmpty => Children.Count == 0 && Subscriptions.Count == 0 && Groups.Count == 0;

        public Node Child(string level)
        {
            if (!Children.TryGetValue(level, out var child))
            {
                Children.Add(level, child = new Node());
            }

            return child;
        }

        public void AddTo(List<MqttSubscription> found, List<MqttSharedGroup> groups)
        {
            found.AddRange(Subscriptions);
            groups.AddRange(Groups);
        }
    }
}
