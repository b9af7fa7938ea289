-- The figures of `happytalk sqi LOG --by day,agent`, as an analyst would ask a database for them. It knows what a log of
-- `cargo xtask gen-log` has in it, and no more: at most one transfer a conversation, no return to the queue, no refused
-- request. Times are in milliseconds; Seoul is nine hours ahead of UTC all the year round.

CREATE TEMP TABLE event AS
SELECT conversation, seq, "at" AS ts, type, agent, "to" ->> '$' AS moved, "by" AS who, after_work, rule, cause, bot, holds_queue,
       CASE WHEN type IN ('customer_said', 'agent_said') THEN message ->> '$.id'
            WHEN type = 'message_failed' THEN message ->> '$' END AS message,
       sum(CAST(type = 'reopened' AS INT)) OVER (PARTITION BY conversation ORDER BY seq) AS episode
FROM read_json($log, format = 'newline_delimited', columns = {
    conversation: 'VARCHAR', seq: 'BIGINT', "at": 'BIGINT', type: 'VARCHAR', agent: 'VARCHAR', "to": 'JSON',
    "by": 'VARCHAR', after_work: 'BOOLEAN', rule: 'VARCHAR', cause: 'VARCHAR', bot: 'BOOLEAN', holds_queue: 'BOOLEAN',
    message: 'JSON'})
WHERE conversation IS NOT NULL
  AND type IN ('opened', 'reopened', 'agent_requested', 'assigned', 'transfer_requested', 'transferred',
               'profile_requested', 'profile_completed', 'customer_said', 'agent_said', 'message_failed', 'ended',
               'after_work_ended');

-- What failed was never said.
CREATE TEMP TABLE told AS
SELECT event.* FROM event
WHERE type <> 'message_failed'
  AND NOT (type IN ('customer_said', 'agent_said') AND (conversation, message) IN
           (SELECT (conversation, message) FROM event WHERE type = 'message_failed'));

CREATE TEMP TABLE talk AS
WITH instants AS (
    SELECT conversation, episode,
           min(ts) AS opened,
           coalesce(min(ts) FILTER (type = 'agent_requested'),
                    CASE WHEN episode > 0 OR NOT any_value(bot) FILTER (type = 'opened') THEN min(ts) END) AS requested,
           min(ts) FILTER (type = 'assigned') AS assigned,
           arg_min(agent, seq) FILTER (type = 'assigned') AS first_agent,
           arg_max(coalesce(moved, agent), seq) FILTER (type IN ('assigned', 'transferred')) AS last_agent,
           coalesce(sum(ts) FILTER (type = 'profile_completed'), 0)
             - coalesce(sum(ts) FILTER (type = 'profile_requested' AND holds_queue), 0) AS held,
           min(seq) FILTER (type = 'agent_said') AS answer_seq,
           min(ts) FILTER (type = 'agent_said') AS answered,
           arg_min(agent, seq) FILTER (type = 'agent_said') AS answerer,
           max(ts) FILTER (type IN ('customer_said', 'agent_said')) AS last_said,
           max(ts) FILTER (type = 'ended') AS ended,
           any_value(who) FILTER (type = 'ended') AS ended_by,
           coalesce(max(ts) FILTER (type = 'after_work_ended'),
                    max(ts) FILTER (type = 'ended' AND NOT after_work)) AS closed,
           coalesce(bool_or(rule = 'customer_silent' OR cause IN ('expired', 'unknown')) FILTER (type = 'ended'),
                    false) AS idle,
           min(ts) FILTER (type = 'transfer_requested') AS asked,
           any_value(moved) FILTER (type = 'transferred') AS moved_to,
           min(seq) FILTER (type = 'transferred') AS moved_seq
    FROM told GROUP BY conversation, episode)
SELECT *, strftime(epoch_ms(closed + 32400000), '%Y-%m-%d') AS day,
       CASE WHEN idle THEN last_said ELSE ended END AS done
FROM instants WHERE closed IS NOT NULL AND requested IS NOT NULL;

CREATE TEMP TABLE share AS
WITH turn AS (
    SELECT talk.conversation, talk.episode, talk.day, told.ts, talk.done,
           last_value(CASE WHEN type IN ('assigned', 'transferred') THEN coalesce(moved, agent) END IGNORE NULLS)
             OVER before AS owner,
           last_value(CASE WHEN type = 'agent_said' THEN 'agent' WHEN type = 'customer_said' THEN 'customer' END
                      IGNORE NULLS) OVER before AS waits,
           lead(told.ts, 1, talk.done) OVER before AS next_at,
           told.seq >= talk.answer_seq AS counts
    FROM told JOIN talk USING (conversation, episode)
    WHERE type IN ('assigned', 'transferred', 'agent_said', 'customer_said') AND answer_seq IS NOT NULL
    WINDOW before AS (PARTITION BY talk.conversation, talk.episode ORDER BY told.seq))
SELECT conversation, episode, day, owner AS agent,
       sum(CASE WHEN waits = 'agent' THEN least(next_at, done) - ts ELSE 0 END) AS agent_wait,
       sum(CASE WHEN waits = 'customer' THEN least(next_at, done) - ts ELSE 0 END) AS customer_wait
FROM turn WHERE counts AND least(next_at, done) > ts GROUP BY ALL;

CREATE TEMP TABLE reading AS
SELECT day, first_agent AS agent, 'queue_time' AS figure, assigned - requested - held AS ms
  FROM talk WHERE assigned IS NOT NULL
UNION ALL SELECT day, coalesce(last_agent, '(none)'), 'of', 0 FROM talk
UNION ALL SELECT day, coalesce(last_agent, '(none)'), 'abandon_wait', ended - requested
  FROM talk WHERE answered IS NULL AND ended_by IN ('customer', 'channel')
UNION ALL SELECT day, coalesce(last_agent, '(none)'), 'missed', 0
  FROM talk WHERE answered IS NULL AND ended_by = 'auto'
UNION ALL SELECT day, answerer, 'first_response', answered - opened FROM talk WHERE answered IS NOT NULL
UNION ALL SELECT day, answerer, 'first_response_from_request', answered - requested FROM talk WHERE answered IS NOT NULL
UNION ALL SELECT day, first_agent, 'first_response_from_assignment', answered - assigned
  FROM talk WHERE answered IS NOT NULL AND assigned IS NOT NULL
UNION ALL SELECT day, last_agent, 'after_work', closed - ended FROM talk WHERE answered IS NOT NULL
UNION ALL SELECT day, last_agent, 'idle_tail', ended - done FROM talk WHERE answered IS NOT NULL
UNION ALL SELECT day, agent, 'agent_wait', agent_wait FROM share
UNION ALL SELECT day, agent, 'customer_wait', customer_wait FROM share
UNION ALL SELECT day, agent, 'talk_time', agent_wait + customer_wait FROM share
UNION ALL SELECT coalesce(share.day, work.day), coalesce(share.agent, work.agent), 'total_time',
                 coalesce(agent_wait + customer_wait, 0) + coalesce(after_work, 0)
  FROM share FULL JOIN (SELECT conversation, episode, day, last_agent AS agent, closed - ended AS after_work
                        FROM talk WHERE answered IS NOT NULL) AS work
    ON (share.conversation, share.episode, share.agent) = (work.conversation, work.episode, work.agent)
UNION ALL SELECT day, moved_to, 'transfer_wait', wrote - asked
  FROM (SELECT any_value(day) AS day, any_value(moved_to) AS moved_to, any_value(asked) AS asked, min(told.ts) AS wrote
        FROM talk JOIN told USING (conversation, episode)
        WHERE type = 'agent_said' AND told.seq > moved_seq AND told.agent = moved_to GROUP BY conversation, episode);

SELECT day, agent, figure, count(*) AS count, CAST(sum(ms) AS BIGINT) AS sum_ms, min(ms) AS min_ms, max(ms) AS max_ms,
       quantile_cont(ms, 0.5) AS p50_ms, quantile_cont(ms, 0.9) AS p90_ms, quantile_cont(ms, 0.99) AS p99_ms
FROM reading GROUP BY ALL;
