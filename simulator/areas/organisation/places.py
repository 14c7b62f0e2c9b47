"""The demo's companies, locations, departments and configuration items. All made up."""

COMPANY = "Acme Example Group"
COMPANIES = (
    (COMPANY, "San Diego", "USA", ()),
    ("Northwind Hardware", "Berlin", "Germany", ("vendor", "manufacturer")),
    ("Cobalt Networks", "London", "United Kingdom", ("vendor", "manufacturer")),
    ("Brightline Software", "Lisbon", "Portugal", ("vendor",)),
)

# name, street, city, country, time zone
LOCATIONS = (
    ("San Diego", "100 Harbor Example Drive", "San Diego", "USA", "US/Pacific"),
    ("London", "12 Example Wharf", "London", "United Kingdom", "Europe/London"),
    ("Berlin", "Beispielstraße 7", "Berlin", "Germany", "Europe/Berlin"),
    ("Sydney", "45 Example Quay", "Sydney", "Australia", "Australia/Sydney"),
    ("Tokyo", "3-1 Example-cho", "Tokyo", "Japan", "Asia/Tokyo"),
    ("Lagos", "9 Example Marina Road", "Lagos", "Nigeria", "GMT"),
    ("Bengaluru", "21 Example Tech Park", "Bengaluru", "India", ""),
    ("Lisbon", "Rua do Exemplo 30", "Lisbon", "Portugal", "GMT"),
    ("Singapore", "8 Example Way", "Singapore", "Singapore", ""),
)

# name, code, user name of the head
DEPARTMENTS = (
    ("IT", "100", "fred.luddy"),
    ("Sales", "200", "jamie.morgan"),
    ("Finance", "300", "jamie.morgan2"),
    ("Human Resources", "400", "laura.benitez"),
    ("Marketing", "500", "mei.chen"),
    ("Product", "600", "noah.fischer"),
    ("Legal", "700", "grace.kimani"),
    ("Logistics", "800", "viktor.petrov"),
    ("Facilities", "900", "greta.holm"),
)

# name, floors, location
BUILDINGS = (
    ("Harbor House", "12", "San Diego"),
    ("Wharf One", "6", "London"),
    ("Haus am Ufer", "4", "Berlin"),
)

# name, code, department
COST_CENTERS = (
    ("IT Operations", "CC100", "IT"),
    ("Sales Europe", "CC200", "Sales"),
    ("Finance and Control", "CC300", "Finance"),
)

# name, user name of the head
BUSINESS_UNITS = (("Corporate Services", "laura.benitez"), ("Commerce", "jamie.morgan"))

# name, ISO 3166 codes
COUNTRIES = (
    ("United States", "US", "USA"),
    ("United Kingdom", "GB", "GBR"),
    ("Germany", "DE", "DEU"),
    ("Australia", "AU", "AUS"),
    ("Japan", "JP", "JPN"),
    ("Nigeria", "NG", "NGA"),
    ("India", "IN", "IND"),
    ("Portugal", "PT", "PRT"),
    ("Singapore", "SG", "SGP"),
)

# class, name, description, group that supports it, location, maker
CONFIGURATION_ITEMS = (
    ("cmdb_ci_service", "Email", "Mailboxes and calendars", "Email Administration", "", ""),
    ("cmdb_ci_service", "Corporate VPN", "Remote access", "Network", "", ""),
    ("cmdb_ci_service", "Wi-Fi", "Wireless network in all offices", "Network", "", ""),
    ("cmdb_ci_service", "Payroll", "Salaries and expenses", "Software", "", ""),
    ("cmdb_ci_service", "Customer Portal", "Self-service for customers", "Software", "", ""),
    ("cmdb_ci_service", "Sales CRM", "Leads, quotes and orders", "Software", "", ""),
    ("cmdb_ci_service", "File Shares", "Shared folders", "Hardware", "", ""),
    ("cmdb_ci_service", "Telephony", "Desk phones and softphones", "Network", "", ""),
    ("cmdb_ci_service", "Data Warehouse", "Reports and dashboards", "Database", "", ""),
    ("cmdb_ci_server", "mail-01", "Mail gateway", "Email Administration", "San Diego", "N"),
    ("cmdb_ci_server", "mail-02", "Mailbox server", "Email Administration", "London", "N"),
    ("cmdb_ci_server", "vpn-gw-01", "VPN gateway", "Network", "San Diego", "C"),
    ("cmdb_ci_server", "vpn-gw-02", "VPN gateway", "Network", "Berlin", "C"),
    ("cmdb_ci_server", "db-payroll-01", "Payroll database", "Database", "San Diego", "N"),
    ("cmdb_ci_server", "db-crm-01", "CRM database", "Database", "Sydney", "N"),
    ("cmdb_ci_server", "dw-etl-01", "Loads the data warehouse", "Database", "Singapore", "N"),
    ("cmdb_ci_server", "web-portal-01", "Portal front end", "Software", "San Diego", "N"),
    ("cmdb_ci_server", "web-portal-02", "Portal front end", "Software", "London", "N"),
    ("cmdb_ci_server", "files-01", "File server", "Hardware", "London", "N"),
    ("cmdb_ci_server", "print-ldn-01", "Print server", "Hardware", "London", "N"),
    ("cmdb_ci_computer", "lap-abel-01", "Laptop of Abel Tuter", "Hardware", "San Diego", "N"),
    ("cmdb_ci_computer", "lap-charlie-01", "Laptop of a salesman", "Hardware", "London", "N"),
    ("cmdb_ci_computer", "lap-joe-01", "Laptop in accounting", "Hardware", "San Diego", "N"),
    ("cmdb_ci_computer", "ws-design-04", "Design workstation", "Hardware", "Berlin", "N"),
    ("cmdb_ci_computer", "kiosk-lob-01", "Visitor kiosk", "Field Services", "Lisbon", "N"),
    ("cmdb_ci", "switch-ber-2f", "Access switch, second floor", "Network", "Berlin", "C"),
    ("cmdb_ci", "ap-ldn-17", "Wireless access point", "Network", "London", "C"),
    ("cmdb_ci", "printer-fin-02", "Printer of Finance", "Field Services", "San Diego", "N"),
    ("cmdb_ci", "badge-lag-01", "Badge reader", "Facilities", "Lagos", "C"),
)
MAKERS = {"N": "Northwind Hardware", "C": "Cobalt Networks", "": ""}
