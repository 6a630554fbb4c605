"""The questions put to a W&B server, with the names and fields of W&B's own client."""

_RUN = """
fragment RunFragment on Run {
    id
    tags
    name
    displayName
    sweepName
    state
    config
    group
    jobType
    commit
    readOnly
    createdAt
    heartbeatAt
    description
    notes
    systemMetrics
    summaryMetrics
    historyLineCount
    user {
        name
        username
    }
    historyKeys
}"""

RUNS = f"""
query Runs($project: String!, $entity: String!, $cursor: String, $perPage: Int = 50,
           $order: String, $filters: JSONString) {{
    project(name: $project, entityName: $entity) {{
        internalId
        runCount(filters: $filters)
        readOnly
        runs(filters: $filters, after: $cursor, first: $perPage, order: $order) {{
            edges {{
                node {{
                    projectId
                    ...RunFragment
                }}
                cursor
            }}
            pageInfo {{
                endCursor
                hasNextPage
            }}
        }}
    }}
}}
{_RUN}
"""

NAMES = """
query Runs($project: String!, $entity: String!, $cursor: String, $perPage: Int = 50,
           $order: String, $filters: JSONString) {
    project(name: $project, entityName: $entity) {
        runCount(filters: $filters)
        runs(filters: $filters, after: $cursor, first: $perPage, order: $order) {
            edges {
                node {
                    name
                    displayName
                }
                cursor
            }
            pageInfo {
                endCursor
                hasNextPage
            }
        }
    }
}
"""

RUN = f"""
query Run($project: String!, $entity: String!, $name: String!) {{
    project(name: $project, entityName: $entity) {{
        run(name: $name) {{
            projectId
            ...RunFragment
        }}
    }}
}}
{_RUN}
"""

SAMPLED_HISTORY = """
query RunSampledHistory($project: String!, $entity: String!, $name: String!,
                        $specs: [JSONString!]!) {
    project(name: $project, entityName: $entity) {
        run(name: $name) { sampledHistory(specs: $specs) }
    }
}
"""

PROJECTS = """
query GetProjects($entity: String, $cursor: String, $perPage: Int = 50) {
    models(entityName: $entity, after: $cursor, first: $perPage) {
        pageInfo {
            endCursor
            hasNextPage
        }
        edges {
            node {
                name
                entityName
            }
        }
    }
}
"""
